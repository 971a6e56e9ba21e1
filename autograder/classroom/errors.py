"""The exceptions that a command turns into a line for the instructor."""


class CourseError(Exception):
    """Something the instructor can put right.

    Its text is one line: what is wrong and what to do about it. The commands print it and end with a non-zero
    exit status; nothing that was there before has changed.
    """


class GradebookLost(CourseError):
    """The gradebook failed in the middle of the work: to go on makes no sense."""


class Busy(CourseError):
    """Another command is at work on the class: it can be tried again."""
