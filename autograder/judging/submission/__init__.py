"""Notebooks: the instructor's, the student's, the one restored from both, and the graded one."""
