"""The gradebook: nbgrader's database, on SQLite or PostgreSQL, and beside its tables a record of all gradings."""

from autograder.classroom.gradebook.opening import database_file, opened, require_writable
from autograder.classroom.gradebook.reading import Score, scores

__all__ = ["Score", "database_file", "opened", "require_writable", "scores"]
