"""Exceptions and warnings of the student's code, rebuilt in the judge from plain values."""

from __future__ import annotations

import builtins
import os
import re
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging.outcome import ErrorText, Origin

_LIBRARIES = tuple(
    f"{path}/"
    for folder in (
        Path(np.__file__).parents[1],
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
    )
    for path in dict.fromkeys((str(folder), os.path.realpath(folder)))
)
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
    """What a student's `SystemExit`, `KeyboardInterrupt` or own BaseException becomes: it stops the test
    cell only.
    """


def rebuild(names: tuple[str, ...], message: str, args: tuple[Any, ...], trace: str) -> BaseException:
    """Return the exception that the student's code raised: of the same type when the type is Python's or
    NumPy's, else of a class of the same name derived from the nearest such type.
    """
    base = next((KNOWN[name] for name in names if name in KNOWN), BaseException)
    if base is BaseException:
        base = OtherExit
    own = re.sub(r"\W", "_", names[0])[:200] or "_"
    kind = base if own == base.__name__ else type(own, (base,), {"__module__": "student"})
    error = _made(kind, args, message)
    error.student_traceback = trace  # type: ignore[attr-defined]
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
