"""What is wrong with translations: what is missing, what is not in the source, and what must be as in the source."""


def faults_of_file(path):
    return []


def faults_of_all(root):
    return []
