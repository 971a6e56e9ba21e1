"""What goes into the judge and what comes out: cells, outcomes, and the errors of student code made of plain values.

**What may be shown to a student.** A student's own cells run once in a process that no test ever calls:
everything in the outcome of a `student` cell may be shown. What student code does *while a test calls it*
(text printed, exception messages, names of own exception classes, tracebacks) can carry the hidden inputs
of that test: of a failed test show `messages` and, when `error.origin` is "test" or "limit", nothing more
than `error.name`; of an error whose origin is "student" show `error.public_name`.
"""

from __future__ import annotations

import builtins
import os
import re
import sysconfig
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from statistics import StatisticsError
from typing import Any, Literal, NamedTuple

import numpy as np

CellKind = Literal["student", "setup", "test"]
"""Who wrote a cell and where it runs: `student` in the worker; `setup` (read-only, instructor's) in worker and judge;
`test` in the judge alone, its text never reaching the worker.
"""

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


_LIBRARIES = tuple(
    f"{path}/"
    for folder in (
        Path(np.__file__).parents[1],
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
    )
    for path in dict.fromkeys((str(folder), os.path.realpath(folder)))
)
_MOST_ATTRIBUTES = 20
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
# Never rebuilt as themselves. Python would take the first for a wish of its own: StopIteration ends a `map`
# in a test early, and the test would pass. CPython reads outside the text of a UnicodeError whose numbers
# are wrong.
_NEVER = (
    *(KeyboardInterrupt, GeneratorExit, SystemExit, StopIteration, StopAsyncIteration),
    *(BaseExceptionGroup, ExceptionGroup, UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError),
)
KNOWN: dict[str, type[BaseException]] = {
    **{
        name: kind
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(kind, _NEVER)
    },
    **{kind.__name__: kind for kind in (FrozenInstanceError, StatisticsError)},
    "LinAlgError": np.linalg.LinAlgError,
    "AxisError": np.exceptions.AxisError,
    "ComplexWarning": np.exceptions.ComplexWarning,
    "RankWarning": np.exceptions.RankWarning,
    "VisibleDeprecationWarning": np.exceptions.VisibleDeprecationWarning,
}


class CallFailed(BaseException):
    """A call that came to no end: `TimeLimit`, `ProcessEnded` or `BadReply`.

    Not an `Exception`, so that a test which expects the student's function to raise is not content with a
    crash.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class OtherExit(BaseException):
    """What a student's `SystemExit`, `KeyboardInterrupt` or own BaseException becomes: it stops the test cell only."""


class Failure(NamedTuple):
    """An exception as values: class names from its own to BaseException, text, plain arguments, traceback, token, and
    plain attributes.
    """

    names: tuple[str, ...]
    message: str
    args: tuple[Any, ...]
    trace: str
    token: int
    attributes: tuple[tuple[str, Any], ...] = ()


def rebuild(failure: Failure, classes: Mapping[str, type] = {}) -> BaseException:
    """Return the exception that the student's code raised: of a stand-in among `classes` or of the same type when the
    type is Python's or NumPy's, else of a class of the same name derived from the nearest such type.
    """
    known = KNOWN | {name: kind for name, kind in classes.items() if issubclass(kind, BaseException)}
    base = next((known[name] for name in failure.names if name in known), BaseException)
    if base is BaseException:
        base = OtherExit
    own = re.sub(r"\W", "_", failure.names[0])[:200] or "_"
    kind = base if own == base.__name__ else type(own, (base,), {"__module__": "student"})
    error = _made(kind, failure.args, failure.message)
    error.student_traceback = failure.trace  # type: ignore[attr-defined]
    for name, value in failure.attributes[:_MOST_ATTRIBUTES]:
        if name.isidentifier() and not name.startswith("_") and not hasattr(BaseException, name):
            error.__dict__.setdefault(name, value)
    return error


def _made(kind: type[BaseException], args: tuple[Any, ...], message: str) -> BaseException:
    try:
        error: BaseException = kind(*args)
        if str(error) == message:
            return error
    except Exception:
        pass
    try:
        return kind(message)
    except Exception:
        fallback: BaseException = type(kind.__name__, (Exception,), {"__module__": "student"})(message)
        return fallback


def category(names: tuple[str, ...]) -> type[Warning]:
    """Return the nearest known class of a warning."""
    for name in names:
        kind = KNOWN.get(name)
        if kind is not None and issubclass(kind, Warning):
            return kind
    return UserWarning


def clean(text: str) -> str:
    """Return text fit for a notebook, and the same on every machine: no lone surrogates, no addresses, and library
    files named by their package ("numpy/linalg/_linalg.py").
    """
    if not text:
        return text
    for folder in _LIBRARIES:
        text = text.replace(folder, "")
    return _ADDRESS.sub("0x...", text.encode("utf-8", "replace").decode("utf-8"))


def text_of(names: tuple[str, ...], message: str, trace: str, origin: Origin) -> ErrorText:
    """Return an exception as the text that an outcome carries."""
    return ErrorText(clean(names[0]), clean(message), clean(trace), origin)
