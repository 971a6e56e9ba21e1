"""The judge: runs each test cell in this trusted process, where the student's functions are remote calls.

A submission is run twice. The rehearsal runs the student's cells in a worker that no test ever calls: what
they print and show may therefore be shown to the student. The examination runs them again in a second
worker, discards what they print, and runs the test cells, in notebook order, here. Hidden inputs reach the
second worker only; tests, expected values and scores reach none.

Where the student's cells are silent by their text alone (`cell_code.are_silent`), the examination is rehearsal enough:
they show nothing.

A test that is *shared* cannot be judged from outside: it takes a student's function away, patches their module, looks
at a figure. Such tests run by nbgrader's own rules in a third worker: there cells and tests run once, in the notebook's
order, as in a kernel; of strict tests only what they import. Nothing of what is said there is shown to the student.
But the process that runs a shared test is the student's too, so that its score could be forged: whatever shows it
says so.
"""

from __future__ import annotations

import ast
import time
import warnings
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

from autograder.judging import instructor
from autograder.judging.bounds import TimeUp, alarm, allow, is_bounded, listening, memory
from autograder.judging.cell_code import are_silent, parsed, raised
from autograder.judging.connection import CallArguments, Equipment, Meeting
from autograder.judging.forkserver import ForkServer, Warm
from autograder.judging.lending import kept
from autograder.judging.limits import Limits
from autograder.judging.model import Model, model_of
from autograder.judging.namespace import Namespace
from autograder.judging.outcome import (
    CallFailed,
    Cell,
    ErrorText,
    Failure,
    Files,
    Origin,
    Outcome,
    RemoteCall,
    clean,
    rebuild,
    text_of,
)
from autograder.judging.process import OutOfTime, Process
from autograder.judging.sandbox import CannotConfine
from autograder.judging.wire import size_of

_IN_WORDS = 2.0  # seconds for putting an exception into words
_MOST_SHOWN = 16 << 20
_LARGE = 1 << 20  # bytes of a value beyond which nothing of a call is kept
_NO_TIME = ErrorText("TimeLimit", "the submission's whole time was spent before this cell", "", "limit")


def judge_submission(warm: Warm, cells: Sequence[Cell], limits: Limits | None = None) -> tuple[Outcome, ...]:
    """Judge one submission; return one outcome per cell, in order.

    Nothing that the submission does raises here; CannotConfine when the machine itself fails.
    """
    with Session(warm, limits) as session:
        return session.judge(cells)


class Session:
    """One submission under judgement; its functions can be called until the session is closed.

    `model` is what the instructor's own answers define. Without it the cells are taken for the instructor's.
    """

    def __init__(
        self,
        warm: Warm,
        limits: Limits | None = None,
        files: Files = (),
        own: Files = (),
        model: Model | None = None,
    ) -> None:
        self._warm, self._limits, self._model = warm, limits or Limits(), model
        self._files, self._students = files, (*files, *own)
        self._until = time.monotonic() + self._limits.submission
        self._process = self._together = self._new(warm.shown)
        self._sources: dict[str, str] = {}
        self._last: RemoteCall | None = None
        self._received = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the submission's processes."""
        self._process.close()
        self._together.close()

    def _new(
        self, server: ForkServer, guarded: Iterable[str] = (), meeting: Meeting | None = None
    ) -> Process:
        """A process in which nothing has run."""
        given = Equipment(tuple(guarded), self._students)
        return Process(server, self._limits, self._until, given, meeting)

    def load(self, cells: Sequence[Cell]) -> None:
        """Run a submission's own cells without judging anything, for `call` alone: no test has called what is
        called then. Once in a session, in place of `judge`; leave out the cells that ended their process.
        """
        for cell in cells:
            self._process.later(cell.id, cell.source)

    def judge(self, cells: Sequence[Cell]) -> tuple[Outcome, ...]:
        """Run the cells, once in a session; return one outcome per cell, in order."""
        self._sources = {f"<{cell.id}>": cell.source for cell in cells if cell.kind != "student"}
        # The functions that the assignment asks for, by the instructor's own names for the tests of them.
        solutions = {cell.id.partition("-")[0] for cell in cells if cell.kind == "test"}
        own = tuple(cell.source for cell in cells if cell.kind != "test")
        model = model_of(own).of_itself() if self._model is None else self._model
        self._namespace = Namespace(model, solutions, self._call)
        self._first = next((n for n, cell in enumerate(cells) if cell.kind == "test"), len(cells))
        guarded = sorted({name for cell in cells for name in cell.forbidden})
        with memory(self._limits.judge_memory), listening(), instructor.beside(self._files):
            rehearsed = None if self._may_show_nothing(cells) else self._rehearse(cells, guarded)
            self._process = self._new(self._warm.tested, guarded, self._namespace)
            self._namespace.process = self._process
            self._together = self._new(self._warm.tested, guarded)
            try:
                return self._examine(cells, rehearsed)
            finally:
                self._namespace.names.clear()  # a large value must not wait for the collection of garbage

    def _may_show_nothing(self, cells: Sequence[Cell]) -> bool:
        """Whether all the student's cells are silent, and none comes before a set-up cell whose output is shown."""
        own = [n for n, cell in enumerate(cells) if cell.kind == "student"]
        if any(cell.kind == "setup" for cell in cells[min(own, default=self._first) : self._first]):
            return False
        return are_silent(cells[n].source for n in own)

    def _examine(self, cells: Sequence[Cell], rehearsed: dict[int, Outcome] | None) -> tuple[Outcome, ...]:
        outcomes = []
        for number, cell in enumerate(cells):
            if cell.kind == "test":
                outcomes.append(self._shared(cell) if cell.shared else self._test(cell))
                continue
            if cell.kind == "student":
                self._namespace.write(number, cell.source)
            outcome = self._own(number, cell, rehearsed)
            outcomes.append(self._setup(cell) if cell.kind == "setup" else outcome)
        return tuple(outcomes)

    def _own(self, number: int, cell: Cell, rehearsed: dict[int, Outcome] | None) -> Outcome:
        """Have a cell that is no test run; return what may be shown of it."""
        if rehearsed is None and number < self._first:
            outcome = self._rehearsed(self._process, cell)
        elif rehearsed is None:
            error = raised(cell.source, f"<{cell.id}>") if cell.kind == "student" else None
            outcome = self._outcome(cell, error)
        else:
            outcome = rehearsed[number]
        if outcome.error is None or outcome.error.origin != "limit":
            self._together.later(cell.id, cell.source)
            if rehearsed is not None or number >= self._first:
                self._process.later(cell.id, cell.source)
        return outcome

    def call(self, function: str, *args: Any, **kwargs: Any) -> RemoteCall:
        """Call one of the submission's functions after `judge` or `load`; return the call with its result or its
        error, after a bounded time and in bounded memory.
        """
        return self.calls(function, [(args, kwargs)])[0]

    def calls(self, function: str, given: Sequence[CallArguments]) -> list[RemoteCall]:
        """The same for many calls, that travel together where they can: nothing of them must be hidden, and no two may
        share what can be changed. None after one that has run into a limit.
        """
        with self._bounded(), listening(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self._called_together(function, given) if len(given) > 1 else []
            for args, kwargs in given[len(found) :]:
                found.append(self._called(function, args, kwargs))
                error = found[-1].error
                if error and error.origin == "limit":
                    self._process.close()
                    break
        return found

    def _called_together(self, function: str, given: Sequence[CallArguments]) -> list[RemoteCall]:
        """The calls in one message; none where anything goes wrong with it: then each is made by itself."""
        before = [(kept(args), kept(kwargs)) for args, kwargs in given]
        try:
            with alarm(2 * self._limits.call, TimeUp()):
                self._process.start_test()
                found = self._process.call_all(function, given)
                if size_of(found) > _MOST_SHOWN:
                    return []
                errors = [failed and self._described(rebuild(failed)) for failed, _ in found]
        except (KeyboardInterrupt, CannotConfine):
            raise
        except BaseException:
            return []
        return [
            RemoteCall(function, *arguments, result, error)
            for arguments, (_, result), error in zip(before, found, errors, strict=True)
        ]

    def _called(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> RemoteCall:
        before = kept(args), kept(kwargs)
        try:
            with alarm(2 * self._limits.call, TimeUp("it took too long")):
                self._process.start_test()
                result = self._process.call(function, args, kwargs)
                if size_of(result) > _MOST_SHOWN:
                    raise TypeError("the returned value is too large to be looked at")
                return RemoteCall(function, *before, result)
        except OutOfTime:
            error = _NO_TIME
        except (KeyboardInterrupt, CannotConfine):
            raise
        except BaseException as problem:
            error = self._described(problem)
        return RemoteCall(function, *before, None, error)

    def _bounded(self) -> AbstractContextManager[None]:
        return nullcontext() if is_bounded() else memory(self._limits.judge_memory)

    def _described(self, problem: BaseException) -> ErrorText:
        """An exception as text; what takes too long or too much memory to put into words is called by its name."""
        try:
            with alarm(_IN_WORDS, TimeUp()):
                return instructor.describe(problem, self._is_ours)
        except (TimeUp, MemoryError):
            return ErrorText(clean(type(problem).__name__[:200]), "it cannot be put into words", "", "test")

    def _is_ours(self, filename: str) -> bool:
        return filename in self._sources

    def _outcome(self, cell: Cell, error: ErrorText | None, **more: Any) -> Outcome:
        return Outcome(
            cell, error is None, error, skipped=error is _NO_TIME, layers=self._warm.layers, **more
        )

    def _rehearse(self, cells: Sequence[Cell], guarded: Iterable[str]) -> dict[int, Outcome]:
        """Run the cells that are not tests where no test will ever be, for what they print and show."""
        process = self._new(self._warm.shown, guarded)
        try:
            return {n: self._rehearsed(process, cell) for n, cell in enumerate(cells) if cell.kind != "test"}
        finally:
            process.close()

    def _rehearsed(self, process: Process, cell: Cell) -> Outcome:
        try:
            ran = process.run(cell.id, cell.source)
        except (OutOfTime, CallFailed) as problem:
            return self._outcome(cell, _ended(problem))
        error, out, err = _error(ran.failure, "student"), clean(ran.stdout), clean(ran.stderr)
        return self._outcome(cell, error, stdout=out, stderr=err, displays=tuple(map(clean, ran.displays)))

    def _setup(self, cell: Cell) -> Outcome:
        problem, printed, _ = self._run(cell)
        self._namespace.provide()
        return self._outcome(cell, self._described(problem) if problem else None, test_output=clean(printed))

    def _shared(self, cell: Cell) -> Outcome:
        """Run a test together with the student's code."""
        try:
            failure, value = self._together.test(cell.id, cell.source)
        except (OutOfTime, CallFailed) as problem:
            return self._outcome(cell, _ended(problem))
        error = _error(failure, "shared")
        return self._outcome(cell, error, value=None if error else _number(value))

    def _test(self, cell: Cell) -> Outcome:
        self._together.later(cell.id, _imports(cell.source))
        self._last, self._received = None, 0
        self._process.start_test()
        problem, printed, value = self._run(cell)
        if isinstance(problem, OutOfTime):
            return self._outcome(cell, _NO_TIME)
        out, err = map(clean, self._process.printed())
        said = {"stdout": out, "stderr": err, "test_output": clean(printed)}
        if problem is None:
            return self._outcome(cell, None, value=value, **said)
        error = self._described(problem)
        constant = instructor.messages(problem, self._sources) if error.origin == "test" else ()
        return self._outcome(cell, error, messages=constant, last_call=self._last, **said)

    def _run(self, cell: Cell) -> tuple[BaseException | None, str, float | None]:
        """Run an instructor's cell in its time, or in what is left of the submission's."""
        filename, seconds = f"<{cell.id}>", min(self._limits.test, self._until - time.monotonic())
        if seconds <= 0 and cell.kind == "test":
            return OutOfTime(), "", None
        late = CallFailed("TimeLimit", f"the test ran longer than {self._limits.test:g} s")
        try:
            with alarm(max(seconds, _IN_WORDS), late):
                if cell.kind == "test":
                    self._prepare(cell, filename)
                with self._namespace.patches.watching():
                    return instructor.run(cell.source, filename, self._namespace.module)
        except (KeyboardInterrupt, CannotConfine):
            raise
        except BaseException as early:  # a value that cannot be fetched, or a test that is not Python
            return early, "", None

    def _prepare(self, cell: Cell, filename: str) -> None:
        self._process.catch_up()
        self._namespace.bind(instructor.names_used(cell.source, filename))
        self._process.start_test(cell.forbidden)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        size = size_of((args, kwargs))
        before = (kept(args), kept(kwargs)) if size <= _LARGE else None
        self._make_room(size)
        try:
            result = self._process.call(name, args, kwargs)
        except BaseException as problem:
            if not isinstance(problem, KeyboardInterrupt):
                self._last = before and RemoteCall(name, *before, None, self._described(problem))
            raise
        returned = size_of(result)
        self._received += returned
        self._last = before and RemoteCall(name, *before, result if returned <= _LARGE else None)
        return result

    def _make_room(self, size: int) -> None:
        """A test that passes large arrays of its own may need a few more of that size."""
        own = size - self._received
        if own > _LARGE:
            self._received += own
            allow(8 * own)


def _ended(problem: OutOfTime | CallFailed) -> ErrorText:
    """A cell that came to no end."""
    if isinstance(problem, OutOfTime):
        return _NO_TIME
    return ErrorText(problem.name, clean(str(problem)), "", "limit")


def _error(failure: Failure | None, origin: Origin) -> ErrorText | None:
    return failure and text_of(failure.names, failure.message, failure.trace, origin)


@lru_cache(maxsize=2000)
def _imports(test: str) -> str:
    """The import statements of a test cell, one a line; none of one that is not Python."""
    return "\n".join(
        ast.unparse(one) for one in parsed(test).body if isinstance(one, ast.Import | ast.ImportFrom)
    )


def _number(text: str) -> float | None:
    """Partial credit, as nbgrader finds it: the last value's text, where that is a number."""
    try:
        return float(text)
    except ValueError:
        return None
