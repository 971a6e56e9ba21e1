"""How much one submission may use, once for all who ask: the judge, its workers, and the settings of a course."""

from dataclasses import dataclass

MB = 1 << 20
MAX_BYTES = 256 * MB
"""One message either way, and all that it stands for."""
MAX_ITEMS = 200_000
"""The parts of one message, references and ranges counted with all that they mean."""
MAX_KEYS = 4096
"""The keys of one dict or set: who chooses them can make them collide."""
MAX_DEPTH = 32
MAX_INT_BYTES = 1700  # just under the 4300 digits that Python is willing to print
MAX_TEXT = 10_000
"""The text of one exception or its traceback, in characters."""
MAX_NAMES = 2000
"""The names that a submission may define."""
MAX_DISPLAYS = 50
MAX_SHOWN = 2 * MB
"""What all cells of a notebook may show together, in characters."""


@dataclass(frozen=True)
class Limits:
    """Budgets: times in seconds of wall clock, sizes in bytes.

    `call` and `cell` bound one remote call and one student cell; a function that used up `call` twice gets
    `patience` from then on, so that an endless loop costs its own question and not the submission's whole
    time. `test` bounds one test cell, `submission` everything (what comes after it is not run). `memory` is
    what student code may allocate beyond the warm process, `judge_memory` what the judge may with a student's
    values at hand, beyond what it has and eight times the large arrays that a test passes. `text` caps what one
    cell or call may print, `message` one message either way.
    """

    call: float = 5.0
    patience: float = 1.0
    cell: float = 10.0
    test: float = 20.0
    submission: float = 120.0
    memory: int = 1024 * MB
    judge_memory: int = 384 * MB
    files: int = 16 * MB
    text: int = 64 << 10
    message: int = MAX_BYTES


class Room:
    """How much may still be shown of one submission; made for its process, and again for its graded notebook.

    The first text for which there is no room ends in a line that says so; nothing is left of those after it.
    """

    def __init__(self, size: int = MAX_SHOWN) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Whether there is room for so many characters; if there is, it is taken."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def fit(self, text: str) -> str:
        """As much of a text as there is room for."""
        if not text or self.take(len(text)):
            return text
        left, self._left = self._left, -1
        return "" if left < 0 else f"{text[:left]}\n[the rest of what this notebook shows was cut off]\n"
