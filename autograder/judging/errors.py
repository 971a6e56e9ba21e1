"""Exceptions and warnings of the student's code, rebuilt in the judge from plain values."""

from __future__ import annotations

import builtins
import os
import re
import sysconfig
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path
from statistics import StatisticsError
from typing import Any, NamedTuple

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
