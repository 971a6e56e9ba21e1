"""Runs an instructor's cell in the judge (set-up and tests) and says what became of it.

What a test changes in Python itself, seeds and patched functions, student code meets too: the worker has a Python of
its own, and is told before each call the state of the random generators, if the test set one, and lent what a test put
in place of `input`, `print` or a function of `random` or `time`.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import inspect
import io
import random
import re
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, ModuleType, TracebackType
from typing import Any

import numpy as np

from autograder.judging.cell_code import compile_cell, parsed, show_lines, without_magics
from autograder.judging.outcome import CallFailed, ErrorText, Files, clean, text_of

_MOST_FRAMES = 60
_NAME = re.compile(r"[^\W\d]\w*")
_BY_TEXT = frozenset(("eval", "exec", "globals", "locals", "vars", "dir", "hasattr", "getattr", "__main__"))
_MESSAGE_KEYWORDS = ("err_msg", "msg", "message")


@lru_cache(maxsize=2000)
def compiled(source: str, filename: str) -> tuple[CodeType, CodeType | None]:
    """Compile an instructor's cell, once for all submissions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return compile_cell(source, filename)
        except SyntaxError:
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            return compile(without_magics(source), filename, "exec", flags, dont_inherit=True), None


@lru_cache(maxsize=2000)
def names_used(source: str, filename: str) -> frozenset[str]:
    """Return every global name that an instructor's cell may look up, in its functions too, and in texts where names
    are looked up by text.
    """
    waiting = [code for code in compiled(source, filename) if code is not None]
    names: set[str] = set()
    texts: set[str] = set()
    while waiting:
        code = waiting.pop()
        names.update(code.co_names)
        waiting.extend(item for item in code.co_consts if isinstance(item, CodeType))
        texts.update(item for item in code.co_consts if isinstance(item, str))
    return frozenset(names.union(*map(_NAME.findall, texts)) if names & _BY_TEXT else names)


@contextlib.contextmanager
def beside(files: Files) -> Iterator[None]:
    """Have instructors' cells find the files that lie beside the notebook, and import the modules among them."""
    if not files:
        yield
        return
    known, path = set(sys.modules), list(sys.path)
    with TemporaryDirectory(prefix="tests-") as folder, contextlib.chdir(folder):
        for name, content in files:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(content)
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            sys.path[:] = path
            for name in set(sys.modules) - known:
                if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                    del sys.modules[name]


class Printed(io.StringIO):
    """What an instructor's cell prints where it captures nothing itself."""


def run(source: str, filename: str, module: ModuleType) -> tuple[BaseException | None, str, float | None]:
    """Run an instructor's cell among the names of `module`; return how it failed (None: it passed), what it
    printed, and the number that its last line gave (None: there is none).

    Random generators, floating-point error handling and warning filters start the same for every cell.
    """
    show_lines(source, filename)
    printed, names = Printed(), module.__dict__
    main, sys.modules["__main__"] = sys.modules["__main__"], module  # `unittest.main()` looks there
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the generator that tests may use
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(),
    ):
        warnings.simplefilter("ignore")
        try:
            statements, last = compiled(source, filename)
            if statements.co_flags & inspect.CO_COROUTINE:
                importlib.import_module("asyncio").run(eval(statements, names))  # few tests need it
            else:
                exec(statements, names)
            value = None if last is None else eval(last, names)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error, printed.getvalue(), None
        finally:
            sys.modules["__main__"] = main
    return None, printed.getvalue(), _number(value)


def _number(value: Any) -> float | None:
    """The value if it is a number of Python's or NumPy's own: nothing that a student's class can pass for."""
    if type(value) is float or (type(value) is int and value.bit_length() < 64):
        return float(value)
    return float(value) if isinstance(value, (np.floating, np.integer)) else None


def describe(error: BaseException, is_ours: Callable[[str], bool]) -> ErrorText:
    """Return a failed test's exception as text; `is_ours` knows the file names of the instructor's cells."""
    names = tuple(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, CallFailed):
        return ErrorText(error.name, clean(str(error)), clean(_frames(error, is_ours)), "limit")
    trace = getattr(error, "student_traceback", None)
    if isinstance(trace, str):
        frames = _frames(error, is_ours)
        lead = frames if "  File" in frames else ""
        return text_of(names, _text(error), lead + trace, "student")
    return text_of(names, _text(error), _frames(error, is_ours) + f"{names[0]}: {_text(error)}\n", "test")


def _text(error: BaseException) -> str:
    try:
        return str(error)[:8000]
    except Exception as problem:
        return f"<{type(problem).__name__} while making text>"


def _frames(error: BaseException, is_ours: Callable[[str], bool]) -> str:
    ours = [
        (frame, line)
        for frame, line in islice(traceback.walk_tb(error.__traceback__), _MOST_FRAMES)
        if is_ours(frame.f_code.co_filename)
    ]
    frames = traceback.StackSummary.extract(ours)
    return "Traceback (most recent call last):\n" + "".join(frames.format())


def messages(error: BaseException, sources: dict[str, str]) -> tuple[str, ...]:
    """Return the constant text that the failing statement of the instructor's carries.

    Looks from the innermost frame in one of `sources` (file name to text) outwards for `assert x, "text"`,
    a call with `err_msg="text"`, or a call whose last argument is a text. Nothing that was computed is ever
    returned.
    """
    places: list[tuple[str, int]] = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    for filename, line in reversed(places):
        if filename in sources:
            found = _constant_at(sources[filename], line)
            if found:
                return found
    return ()


@lru_cache(maxsize=500)
def _constant_at(source: str, line: int) -> tuple[str, ...]:
    covering = [
        node
        for node in ast.walk(parsed(source))
        if isinstance(node, (ast.Assert, ast.Call)) and node.lineno <= line <= (node.end_lineno or line)
    ]
    covering.sort(key=lambda node: ((node.end_lineno or 0) - node.lineno, not isinstance(node, ast.Assert)))
    for node in covering:
        text = _constant_in(node)
        if text:
            return (text,)
    return ()


def _constant_in(node: ast.Assert | ast.Call) -> str | None:
    if isinstance(node, ast.Assert):
        candidates: list[ast.expr | None] = [node.msg]
    elif isinstance(node.func, ast.Name) and node.func.id == "AssertionError":
        candidates = list(node.args[:1])
    else:
        candidates = [item.value for item in node.keywords if item.arg in _MESSAGE_KEYWORDS]
        candidates += [item for item in node.args[1:][-1:] if _is_sentence(item)]
    for item in candidates:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            return item.value
    return None


def _is_sentence(node: ast.expr) -> bool:
    """Tell a helper's message from an argument that happens to be a word."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


_SEEDING = frozenset(("seed", "setstate", "set_state"))
_PATCHING = frozenset(("patch", "mock", "monkeypatch", "setattr", "input", "print", "stdin", "sleep"))
_MODULES: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "builtins": (builtins, ("input", "print")),
    "random": (random, tuple(name for name in random.__all__ if name[0].islower() and name not in _SEEDING)),
    "time": (time, ("sleep", "time", "perf_counter")),
}
_ORIGINALS = {
    (module, name): getattr(holder, name) for module, (holder, names) in _MODULES.items() for name in names
}
_STDIN = sys.stdin
_FIRST_STATES = random.Random(0).getstate(), np.random.RandomState(0).get_state()


class Patches:
    """What one test after another changes."""

    def __init__(self) -> None:
        self._seeds = self._patches = self._set = False
        self._states: tuple[Any, Any] = _FIRST_STATES
        self._lent: dict[tuple[str, str], Any] = {}

    def look_for(self, used: frozenset[str]) -> None:
        """A test begins that uses these names."""
        self._seeds, self._patches = bool(used & _SEEDING), bool(used & _PATCHING)
        self._states = _FIRST_STATES

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notice each time that a test sets a generator, even to where it was."""
        places = [
            (holder, name) for holder in (random, np.random) for name in _SEEDING if hasattr(holder, name)
        ]
        originals = [getattr(holder, name) for holder, name in places] if self._seeds else []
        for (holder, name), original in zip(places, originals, strict=False):
            setattr(holder, name, self._noticed(original))
        try:
            yield
        finally:
            for (holder, name), original in zip(places, originals, strict=False):
                setattr(holder, name, original)

    def _noticed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def set_anew(*args: Any, **kwargs: Any) -> Any:
            self._set = True
            return original(*args, **kwargs)

        return set_anew

    @property
    def wanted(self) -> bool:
        """Whether there may be anything to tell."""
        return self._seeds or self._patches or bool(self._lent)

    def orders(self) -> Iterator[tuple[Any, ...]]:
        """What to tell the worker now."""
        if self._seeds:
            yield from self._seeded()
        if self._patches or self._lent:
            yield from self._patched()

    def _seeded(self) -> Iterator[tuple[Any, ...]]:
        states = random.getstate(), np.random.get_state()  # noqa: NPY002 - the generator that students' code uses
        if self._set or not _same(states, self._states):
            self._set, self._states = False, states
            yield "states", states[0], np.random.mtrand._rand

    def _patched(self) -> Iterator[tuple[Any, ...]]:
        for key, original in _ORIGINALS.items():
            now = getattr(_MODULES[key[0]][0], key[1])
            if key == ("builtins", "input") and now is original and sys.stdin is not _STDIN:
                now = _read_line
            if now is not self._lent.get(key, original):
                self._lent[key] = now
                yield ("patch", *key, None if now is original else now)
        self._lent = {key: now for key, now in self._lent.items() if now is not _ORIGINALS[key]}


def _read_line(prompt: object = "") -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.rstrip("\n")


def _same(states: tuple[Any, Any], before: tuple[Any, Any]) -> bool:
    (own, (kind, keys, *rest)), (own_before, (kind_before, keys_before, *rest_before)) = states, before
    return (
        own == own_before
        and (kind, rest) == (kind_before, rest_before)
        and bool(np.array_equal(keys, keys_before))
    )
