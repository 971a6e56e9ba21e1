"""Gradescope: results in its format, and an autograder for it that is this judge.

Made after "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/.
"""
