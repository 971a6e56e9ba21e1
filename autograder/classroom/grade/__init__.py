"""Grading a class: what is handed in, what it is graded by, and the writing of what comes out."""
