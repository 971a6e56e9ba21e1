"""The commands of `autograder` by the instructor's step: their words on the command line, and what they do."""
