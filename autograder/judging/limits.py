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
