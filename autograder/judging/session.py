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
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from types import TracebackType
from typing import Any

from autograder.judging import instructor
from autograder.judging.bounds import TimeUp, alarm, allow, is_bounded, listening, memory
from autograder.judging.cell_code import are_silent, parsed, raised
from autograder.judging.connection import Given, Ran
from autograder.judging.errors import CallFailed, clean, text_of
from autograder.judging.forkserver import Warm
from autograder.judging.lending import kept
from autograder.judging.limits import Limits
from autograder.judging.model import Model, model_of
from autograder.judging.namespace import Namespace
from autograder.judging.outcome import CannotConfine, Cell, ErrorText, Files, Outcome, RemoteCall
from autograder.judging.process import OutOfTime, Process
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
        self._process: Process | None = None
        self._together: Process | None = None
        self._last: RemoteCall | None = None
        self._received = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the submission's processes."""
        for process in (self._process, self._together):
            if process is not None:
                process.close()

    def load(self, cells: Sequence[Cell]) -> None:
        """Run a submission's own cells without judging anything, for `call` alone: no test has called what is
        called then. Once in a session, in place of `judge`; leave out the cells that ended their process.
        """
        self._sources: dict[str, str] = {}
        self._process = Process(self._warm.shown, self._limits, self._until, Given((), self._students))
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
        self._given = Given(
            tuple(sorted({name for cell in cells for name in cell.forbidden})), self._students
        )
        with memory(self._limits.judge_memory), listening(), instructor.beside(self._files):
            rehearsed = None if self._may_show_nothing(cells) else self._rehearse(cells)
            self._process = Process(
                self._warm.tested, self._limits, self._until, self._given, self._namespace
            )
            self._namespace.process = self._process
            self._together = Process(self._warm.tested, self._limits, self._until, self._given)
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
        assert self._process is not None
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
        assert self._process is not None
        assert self._together is not None
        if rehearsed is None and number < self._first:
            outcome = self._rehearsed(self._process, cell)
        elif rehearsed is None:
            error = raised(cell.source, f"<{cell.id}>") if cell.kind == "student" else None
            outcome = Outcome(cell, error is None, error, layers=self._warm.layers)
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
        if self._process is None:
            raise RuntimeError("nothing has been judged yet")
        before = kept(args), kept(kwargs)
        try:
            late = TimeUp("it took too long")
            with self._bounded(), listening(), alarm(2 * self._limits.call, late), warnings.catch_warnings():
                warnings.simplefilter("ignore")
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

    def _rehearse(self, cells: Sequence[Cell]) -> dict[int, Outcome]:
        """Run the cells that are not tests where no test will ever be, for what they print and show."""
        process = Process(self._warm.shown, self._limits, self._until, self._given)
        try:
            return {n: self._rehearsed(process, cell) for n, cell in enumerate(cells) if cell.kind != "test"}
        finally:
            process.close()

    def _rehearsed(self, process: Process, cell: Cell) -> Outcome:
        try:
            ran = process.run(cell.id, cell.source)
        except OutOfTime:
            return Outcome(cell, False, _NO_TIME, skipped=True, layers=self._warm.layers)
        except CallFailed as problem:
            error = ErrorText(problem.name, clean(str(problem)), "", "limit")
            return Outcome(cell, False, error, layers=self._warm.layers)
        return self._shown(cell, ran)

    def _shown(self, cell: Cell, ran: Ran) -> Outcome:
        failure, out, err = ran.failure, clean(ran.stdout), clean(ran.stderr)
        error = text_of(failure[0], failure[1], failure[3], "student") if failure else None
        shown = tuple(clean(text) for text in ran.displays)
        return Outcome(cell, error is None, error, out, err, shown, layers=self._warm.layers)

    def _setup(self, cell: Cell) -> Outcome:
        problem, printed, _ = self._run(cell)
        self._namespace.provide()
        error = self._described(problem) if problem else None
        return Outcome(cell, problem is None, error, test_output=clean(printed), layers=self._warm.layers)

    def _shared(self, cell: Cell) -> Outcome:
        """Run a test together with the student's code."""
        assert self._together is not None
        try:
            failure, value = self._together.test(cell.id, cell.source)
        except OutOfTime:
            return Outcome(cell, False, _NO_TIME, skipped=True, layers=self._warm.layers)
        except CallFailed as problem:
            error = ErrorText(problem.name, clean(str(problem)), "", "limit")
            return Outcome(cell, False, error, layers=self._warm.layers)
        if failure is None:
            return Outcome(cell, True, value=_number(value), layers=self._warm.layers)
        error = text_of(failure[0], failure[1], failure[3], "shared")
        return Outcome(cell, False, error, layers=self._warm.layers)

    def _test(self, cell: Cell) -> Outcome:
        assert self._process is not None
        assert self._together is not None
        self._together.later(cell.id, _imports(cell.source))
        self._last, self._received = None, 0
        self._process.start_test()
        problem, printed, value = self._run(cell)
        if isinstance(problem, OutOfTime):
            return Outcome(cell, False, _NO_TIME, skipped=True, layers=self._warm.layers)
        out, err = (clean(text) for text in self._process.printed())
        common = {"stdout": out, "stderr": err, "test_output": clean(printed), "layers": self._warm.layers}
        if problem is None:
            return Outcome(cell, True, value=value, **common)  # type: ignore[arg-type]
        error = self._described(problem)
        constant = instructor.messages(problem, self._sources) if error.origin == "test" else ()
        return Outcome(cell, False, error, messages=constant, last_call=self._last, **common)  # type: ignore[arg-type]

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
        assert self._process is not None
        self._process.catch_up()
        self._namespace.bind(instructor.names_used(cell.source, filename))
        self._process.start_test(cell.forbidden)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        assert self._process is not None
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
