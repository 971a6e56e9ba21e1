"""What goes into the judge and what comes out: cells, limits, outcomes.

The judge marks one submission::

    from autograder.judging.forkserver import Warm
    from autograder.judging.limits import Limits
    from autograder.judging.outcome import Cell
    from autograder.judging.session import Session, judge_submission

    with Warm() as warm:                              # one per grading process, reused for thousands
        outcomes = judge_submission(warm, cells, Limits())   # one Outcome per cell, in order

A feedback page that wants a fresh counterexample keeps the session open and calls the student's functions
with inputs of its own making::

    with Session(warm, Limits()) as session:
        outcomes = session.judge(cells)
        call = session.call("sigmoid", np.array([0.0, 1.5]))     # a RemoteCall: result or error, never raises

**What may be shown to a student.** A student's own cells run once in a process that no test ever calls:
everything in the outcome of a `student` cell may be shown. What student code does *while a test calls it*
(text printed, exception messages, names of own exception classes, tracebacks) can carry the hidden inputs
of that test: of a failed test show `messages` and, when `error.origin` is "test" or "limit", nothing more
than `error.name`; of an error whose origin is "student" show `error.public_name`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

CellKind = Literal["student", "setup", "test"]
"""Who wrote a cell and where it runs: `student` in the worker; `setup` (read-only, instructor's) in worker
and
judge; `test` in the judge alone, its text never reaching the worker."""

Files = tuple[tuple[str, bytes], ...]
"""What lies beside a notebook: paths in the working folder, with forward slashes, and contents."""

Origin = Literal["student", "test", "limit", "shared"]
"""Where an error began: in student code, in the instructor's own code, at a limit (time, memory, a dead
process), or in a test that ran together with the student's code: then nothing of it is shown.
"""


@dataclass(frozen=True)
class Cell:
    """One cell in notebook order; a solution cell's `id` is the name of the function that it must define.

    A test that is `shared` runs together with the student's code.
    `forbidden` are the functions ("numpy.tanh") that raise when the student's code calls them during this test.
    """

    kind: CellKind
    id: str
    source: str
    forbidden: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True)
class ErrorText:
    """An exception as text: deterministic (no addresses), no lone surrogates, capped.

    `name` is the exception's class name, `message` its text, `traceback` as Python prints it with only the
    student's or the test's own frames. For origin "limit" the name is one of `TimeLimit`, `ProcessEnded`,
    `BadReply`.
    """

    name: str
    message: str
    traceback: str
    origin: Origin

    @property
    def public_name(self) -> str:
        """The name when it is one of Python's or NumPy's own, else "an exception of your own": safe to show."""
        return self.name if self.name in PUBLIC_NAMES else "an exception of your own"


@dataclass(frozen=True)
class RemoteCall:
    """A call of a student's function: its arguments before the call, and its result or its error."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    error: ErrorText | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one cell.

    `passed` is true when the cell ran to its end without an exception. `stdout` and `stderr` are what
    *student* code wrote (in a test cell: during the test's calls), `displays` the text of what its last
    line or `display` showed; `test_output` is what the test itself printed; `value` is the number (int or
    float, not bool) that the last line of a test cell evaluated to, for partial credit. `messages` holds
    the constant text of the assertion that failed (the literal in `assert x, "..."`, `err_msg="..."` or in
    a call of an instructor's helper); it comes from the instructor's source and so is safe to show.
    `last_call` is the failed test's last remote call, without what is large; it holds hidden inputs. `skipped`
    says that the cell was not run because the submission's time was spent. `layers` names the layers of
    confinement that were
    on ("trusted" when the instructor said so).
    """

    cell: Cell
    passed: bool
    error: ErrorText | None = None
    stdout: str = ""
    stderr: str = ""
    displays: tuple[str, ...] = ()
    test_output: str = ""
    value: float | None = None
    messages: tuple[str, ...] = ()
    last_call: RemoteCall | None = field(default=None, compare=False)
    skipped: bool = False
    layers: tuple[str, ...] = ()


class CannotConfine(RuntimeError):
    """The machine lacks the layers that student code needs around it; the text is one line for the instructor."""


_PUBLIC_NAMES = """
ArithmeticError AssertionError AttributeError AxisError BadReply BaseException BufferError ComplexWarning
DeprecationWarning EOFError Exception FileExistsError FileNotFoundError FloatingPointError FutureWarning
GeneratorExit ImportError IndentationError IndexError IsADirectoryError KeyError KeyboardInterrupt
LinAlgError LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError
OSError OverflowError PermissionError ProcessEnded RankWarning RecursionError ReferenceError RuntimeError
RuntimeWarning StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeLimit
TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UserWarning
ValueError VisibleDeprecationWarning Warning ZeroDivisionError
"""
PUBLIC_NAMES = frozenset(_PUBLIC_NAMES.split())
