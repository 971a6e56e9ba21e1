"""The gradebook: nbgrader's database, on SQLite or PostgreSQL, and beside its tables a record of all gradings."""

from autograder.classroom.gradebook.opening import opened, require_writable
from autograder.classroom.gradebook.records import Total, scores

__all__ = ["Total", "opened", "require_writable", "scores"]
