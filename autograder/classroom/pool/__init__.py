"""Grading many submissions at once: what is shipped, the process that grades it, and who ships it where."""
