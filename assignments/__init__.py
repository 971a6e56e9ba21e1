"""The source of the assignments: one module each, from which `autograder write` makes the notebooks in `solutions/`.

A module reads like its assignment: the story, then function after function with its text, its tests and its solution.
`library` holds what they share: the properties that tests look at, the checks in every notebook, and the references that
expected values come from.
"""
