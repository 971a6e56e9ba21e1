"""The gradebook: nbgrader's database, on SQLite or PostgreSQL, and beside its tables a record of all gradings."""

from autograder.classroom.gradebook.opening import database_file, opened, require_writable
from autograder.classroom.gradebook.records import Total, scores

__all__ = ["Total", "database_file", "opened", "require_writable", "scores"]
