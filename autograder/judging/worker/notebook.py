"""Runs a student's cells in one namespace, as a notebook would, and turns what happens into plain values."""

from __future__ import annotations

import builtins
import io
import random
import sys
import traceback
import warnings
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import Any

import numpy as np

from autograder.judging.cell_code import compile_cell, show_lines
from autograder.judging.limits import MAX_DISPLAYS, MAX_NAMES
from autograder.judging.outcome import Failure
from autograder.judging.worker.lent import PLAIN_TYPES, describe, kind_of
from autograder.judging.worker.modules import ANYTHING

_MAX_MESSAGE = 4000
_MAX_TRACEBACK = 8000
_MAX_WARNINGS = 50
_HARMLESS: dict[str, object] = {
    "get_ipython": lambda: ANYTHING,
    "exit": ANYTHING,
    "quit": ANYTHING,
    "_": None,
}


class Output(io.TextIOBase):
    """A text stream that keeps the first `limit` characters written to it."""

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._room = limit

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding that text streams claim to have."""
        return "utf-8"

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for and drop the rest."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._room > 0 and text:
            self._parts.append(str(text[: self._room]))
            self._room -= len(text)
            if self._room <= 0:
                self._parts.append("\n[the rest of the output was cut off]\n")
        return len(text)

    def take(self, limit: int) -> str:
        """Return what was written and start again with room for `limit` characters."""
        text = "".join(self._parts)
        self._parts, self._room = [], limit
        return text


class Notebook:
    """The namespace in which a submission's cells run, and its output."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.module = ModuleType("__main__")
        self.names: dict[str, Any] = self.module.__dict__
        self.displays: list[str] = []
        self.value = ""
        """The text of the last cell's last value; empty when it has none."""
        self.warnings: list[tuple[tuple[str, ...], str]] = []
        self.out, self.err = Output(limit), Output(limit)

    def start(self) -> None:
        """Become the process's main module, standard output and standard error."""
        sys.modules["__main__"] = self.module
        sys.stdout, sys.stderr = self.out, self.err
        for name, value in {"display": self.display, "input": _no_input, **_HARMLESS}.items():
            setattr(builtins, name, value)
        warnings.simplefilter("always")
        warnings.showwarning = self._warned  # type: ignore[assignment]

    def display(self, *values: Any, **options: Any) -> None:
        """Keep the text of each value, as `IPython.display.display` would show it."""
        for value in values:
            self.shows(_text(repr, value))

    def shows(self, text: str, is_value: bool = False) -> None:
        """Keep a text that is shown; of a cell's last value for a test's partial credit, too."""
        if is_value:
            self.value = text[: self._limit]
        if len(self.displays) < MAX_DISPLAYS:
            self.displays.append(text[: self._limit])

    def run(self, name: str, source: str) -> Failure | None:
        """Run one cell; return how it failed, or None."""
        filename, self.value = f"<{name}>", ""
        show_lines(source, filename)
        try:
            body, last = compile_cell(source, filename)
            exec(body, self.names)
            if last is not None:
                value = eval(last, self.names)
                if value is not None:
                    self.shows(_text(repr, value), is_value=True)
        except BaseException as error:
            return failure(error)
        return None

    def taken(self) -> tuple[str, str, tuple[str, ...], tuple[tuple[tuple[str, ...], str], ...]]:
        """Return standard output, standard error, displays and warnings since the last time."""
        displays, raised = tuple(self.displays), tuple(self.warnings)
        self.displays, self.warnings = [], []
        return self.out.take(self._limit), self.err.take(self._limit), displays, raised

    def defined(self) -> tuple[str, tuple[Any, ...]]:
        """Return the names that the cells defined, a line each, with its kind; and what to say of the classes."""
        named = [
            (kind_of(value), name, value)
            for name, value in list(self.names.items())[:MAX_NAMES]
            if type(name) is str and name.isidentifier() and not name.startswith("__")
        ]
        classes = (describe(name, value, self.names) for kind, name, value in named if kind == "class")
        return "\n".join(f"{kind} {name}" for kind, name, _ in named), tuple(classes)

    def _warned(self, message: Any, category: Any, filename: Any, lineno: Any, *rest: Any) -> None:
        if len(self.warnings) < _MAX_WARNINGS:
            text = _text(str, message)[:_MAX_MESSAGE]
            self.warnings.append((_class_names(category), text))
            self.err.write(f"{filename}:{lineno}: {category.__name__}: {text}\n")


def seed() -> None:
    """Start the global random generators at the same place before every cell."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the generator that students' code uses


def failure(error: BaseException) -> Failure:
    """Return an exception as plain values; never raises, whatever the exception's own methods do."""
    token = getattr(error, "_judge_token", 0)
    plain = tuple(arg for arg in _arguments(error) if type(arg) in PLAIN_TYPES)
    message, trace = _text(str, error)[:_MAX_MESSAGE], _text(_traceback, error)
    token = token if type(token) is int else 0
    return Failure(_class_names(type(error)), message, plain[:10], trace, token, _attributes(error))


def _attributes(error: BaseException) -> tuple[tuple[str, Any], ...]:
    named = [
        (name, value)
        for name, value in vars(error).items()
        if type(name) is str and type(value) in PLAIN_TYPES
    ]
    return tuple(item for item in named if type(item[1]) is not str or len(item[1]) < _MAX_MESSAGE)[:10]


def _arguments(error: BaseException) -> tuple[Any, ...]:
    arguments = BaseException.args.__get__(error)  # type: ignore[attr-defined]
    return arguments if sum(len(arg) for arg in arguments if type(arg) is str) < _MAX_MESSAGE else ()


def _class_names(kind: type) -> tuple[str, ...]:
    return tuple(str(base.__name__)[:200] for base in type.mro(kind))[:20]


def _text(convert: Callable[[Any], str], value: Any) -> str:
    """Convert a value of the student's to text; what goes wrong on the way becomes the text."""
    try:
        text = convert(value)
        return str(text) if isinstance(text, str) else "<not text>"
    except BaseException as error:
        return f"<{type(error).__name__} while making text>"


def _traceback(error: BaseException) -> str:
    """Return the traceback as Python prints it, from the first frame of the student's on."""
    start: TracebackType | None = error.__traceback__
    while start is not None and not start.tb_frame.f_code.co_filename.startswith("<"):
        start = start.tb_next
    shown = traceback.TracebackException(type(error), error, start, limit=-12, compact=True)
    return "".join(shown.format())[:_MAX_TRACEBACK]


def _no_input(prompt: object = "") -> str:
    """Nobody is there to answer: show the prompt and return an empty line."""
    print(prompt)
    return ""
