"""Public calls of each function: those of the visible tests, and variations of them.

Nothing here depends on a hidden test: neither its numbers, strings and functions nor their shapes. What
feedback shows, and what the process that it comes from is asked, is drawn from what every student has.
"""

from __future__ import annotations

import ast
import copy
import re
import textwrap
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Literal

import numpy as np

from autograder.judging import instructor
from autograder.judging.assignment import Assignment
from autograder.judging.bounds import within
from autograder.judging.cell_code import parsed
from autograder.judging.connection import CallArguments
from autograder.judging.forkserver import Warm
from autograder.judging.lending import kept
from autograder.judging.limits import Limits
from autograder.judging.mistakes.differences import Difference, compare, compare_drawn
from autograder.judging.mistakes.words import call_text, is_huge
from autograder.judging.outcome import Cell, RemoteCall
from autograder.judging.session import Session

Family = Literal["call", "near", "zero", "integers", "one", "empty", "table", "block", "far", "rows", "drawn"]

_MOST_CALLS = 24
_RESULTS = re.compile(r"Returns? \((\w+(?:, \w+)+)\)")
_FAR = 100.0
_SECONDS, _MEMORY = 30.0, 512 << 20


@dataclass(frozen=True, eq=False)
class Probe:
    """A public call: its arguments, the right result (or the exception that is right), the visible tests that
    make it, and what it is like. `names` are those of several results; `by_entry` says that each entry of the
    result comes from one entry of the argument.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    tests: frozenset[str] = frozenset()
    family: Family = "call"
    right: Any = None
    raises: str = ""
    names: tuple[str, ...] = ()
    by_entry: bool = False

    @property
    def rows(self) -> int:
        """How many rows a batch has; 0 if it is none."""
        arrays = [arg for arg in self.args if isinstance(arg, np.ndarray) and arg.ndim]
        return int(arrays[0].shape[0]) if len(arrays) > 1 else 0

    @property
    def draws(self) -> bool:
        """Whether the result depends on a random generator: other numbers may then be right, too."""
        return any(isinstance(arg, (np.random.Generator, np.random.RandomState)) for arg in self._all)

    def given(self) -> CallArguments:
        """Arguments of their own for one call."""
        return fresh(self.args), kept(self.kwargs)

    @property
    def _all(self) -> list[Any]:
        return [*self.args, *self.kwargs.values()]


def answers_of(assignment: Assignment, warm: Warm, limits: Limits, *more: Cell) -> Session:
    """The instructor's own answers, run as a student's are: in a confined worker, never in the grading process."""
    session = Session(warm, replace(limits, submission=2 * _SECONDS), assignment.files)
    own = (c for c in assignment.cells if c.cell_type == "code" and c.role in ("readonly", "solution"))
    session.load([*(Cell("student", cell.id, cell.source) for cell in own), *more])
    return session


def probes(assignment: Assignment, warm: Warm, limits: Limits) -> dict[str, tuple[Probe, ...]]:
    """The public calls of every function, with the right results; none of what the right answer fails on."""
    with within(_SECONDS, _MEMORY), answers_of(assignment, warm, limits) as answers:
        visible = _visible_calls(assignment, answers)
        names = {name: _names_of_results(assignment, name) for name in visible}
        return {
            name: tuple(
                replace(probe, names=names[name]) if _are_names(names[name], probe.right) else probe
                for probe in _answered(name, calls, answers)
            )
            for name, calls in visible.items()
        }


def _names_of_results(assignment: Assignment, function: str) -> tuple[str, ...]:
    """What the first line of the function's own text calls its results: "Return (dw, db): the gradient ..."."""
    source = assignment.by_id[assignment.functions[function]].released
    found = _RESULTS.search(source.partition('"""')[2])
    return tuple(found[1].split(", ")) if found else ()


def _are_names(names: tuple[str, ...], right: Any) -> bool:
    return isinstance(right, tuple) and len(right) == len(names)


def _visible_calls(assignment: Assignment, answers: Session) -> dict[str, list[Probe]]:
    """What the visible part of each test calls, with the instructor's own answers in place."""
    module = ModuleType("__main__")
    found: dict[str, list[Probe]] = {name: [] for name in assignment.functions}
    for cell in assignment.cells:
        if cell.cell_type != "code" or cell.role not in ("readonly", "test"):
            continue
        if cell.role == "test":
            vars(module).update({name: _recorder(name, cell.id, found[name], answers) for name in found})
        instructor.run(cell.released, f"<{cell.id}, visible>", module)
    return found


def fresh(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments of their own for one call: what it does to them reaches nobody else."""
    random = (np.random.Generator, np.random.RandomState)
    return tuple(copy.deepcopy(v) if isinstance(v, random) else kept(v) for v in values)


def _recorder(name: str, test: str, calls: list[Probe], answers: Session) -> Callable[..., Any]:
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        if not any(map(is_huge, args)):
            calls.append(Probe(fresh(args), kept(kwargs), frozenset((test,)), family_of(args)))
        answer = answers.call(name, *args, **kwargs)
        if answer.error:
            raise RuntimeError(answer.error.message)
        return answer.result

    return stand_in


def family_of(args: tuple[Any, ...]) -> Family:
    """What a call's arguments are like, by the first array among them."""
    array = next((arg for arg in args if isinstance(arg, np.ndarray)), None)
    if array is None or array.dtype.kind not in "iuf":
        return "call"
    if array.size == 0:
        return "empty"
    if array.dtype.kind in "iu":
        return "integers"
    if any(isinstance(a, np.ndarray) and a.size and np.abs(a).max() >= _FAR for a in args if _is_float(a)):
        return "far"
    if not array.any():
        return "zero"
    shapes: tuple[Family, ...] = ("one", "call", "table", "block")
    return "call" if len(args) > 1 else shapes[min(array.ndim, 3)]


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _answered(name: str, calls: list[Probe], answers: Session) -> Iterator[Probe]:
    """The calls and their variations, each once, that the right answer has finite numbers for."""
    visible = _merged(name, calls)
    done = set()
    for probe in [*visible, *_variations(name, visible, answers)]:
        text = call_text(name, probe.args, probe.kwargs)
        if text in done:
            continue
        done.add(text)
        [answer] = answers.calls(name, [probe.given()])
        if answer.error and answer.error.origin == "student" and probe.tests:
            yield replace(probe, raises=answer.error.name)
        elif not answer.error and _is_sound(answer.result):
            yield replace(probe, right=answer.result)


def _merged(name: str, calls: list[Probe]) -> list[Probe]:
    """The same call in several tests is one probe."""
    merged: dict[str, Probe] = {}
    for probe in calls:
        text = call_text(name, probe.args, probe.kwargs)
        known = merged.get(text)
        merged[text] = replace(known, tests=known.tests | probe.tests) if known else probe
    return list(merged.values())[:_MOST_CALLS]


def _is_sound(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_is_sound, value))
    if isinstance(value, (np.ndarray, np.generic, float, int)):
        array = np.asarray(value)
        return array.dtype.kind in "biuf" and not is_huge(array) and bool(np.isfinite(array).all())
    return isinstance(value, str)


def _variations(name: str, visible: list[Probe], answers: Session) -> Iterator[Probe]:
    like = next((probe for probe in visible if _maps_an_array(name, probe, answers)), None)
    if like is None:
        yield from _drawn_again(name, visible)
        return
    slope = "_grad" in name  # any number between the slopes is right at a kink
    far = any(probe.family == "far" for probe in visible)
    like = replace(like, by_entry=_is_by_entry(name, like, answers))
    for family, array in _ARRAYS:
        if slope and family == "integers":
            array = array + np.where(np.abs(array) % 2, 5 * np.sign(array), 0)
        if not (slope and family == "zero") and (far or family not in ("far", "rows")):
            yield replace(like, args=(array, *like.args[1:]), tests=frozenset(), family=family)


def _is_by_entry(name: str, probe: Probe, answers: Session) -> bool:
    """Whether entries alone give what they give among the others."""
    first, *others = probe.args
    whole = answers.call(name, first, *others, **probe.kwargs).result
    alone = [answers.call(name, entry, *others, **probe.kwargs).result for entry in first.ravel()[:3, None]]
    return all(np.shape(one) == (1,) for one in alone) and np.allclose(np.ravel(whole)[:3], np.ravel(alone))


def _maps_an_array(name: str, probe: Probe, answers: Session) -> bool:
    """Whether a call is of one array, and numbers, and returns an array of the same shape."""
    first, *others = probe.args or (None,)
    if not _is_float(first) or any(isinstance(arg, (np.ndarray, list, tuple, dict)) for arg in others):
        return False
    answer = answers.call(name, *fresh(probe.args), **probe.kwargs)
    return answer.error is None and first.ndim > 0 and np.shape(answer.result) == np.shape(first)


_ARRAYS: tuple[tuple[Family, Any], ...] = (
    ("near", np.array([-1.7, 0.4, 2.3])),
    ("near", np.array([1.7, -0.4, -2.3])),
    ("near", np.array([-3.4, -0.6, 0.9, 5.2])),
    ("zero", np.array([0.0])),
    ("integers", np.array([3, -2, 1, -1])),
    ("integers", np.array([-2, 3])),
    ("one", np.array(0.7)),
    ("one", np.array(-1.3)),
    ("empty", np.empty(0)),
    ("empty", np.empty((2, 0))),
    ("table", np.array([[0.3, -1.4, 2.2], [-0.7, 1.9, -2.8]])),
    ("table", np.array([[0.5, -1.2], [2.1, 0.8]])),
    ("block", np.array([1.7, -0.4, 2.3, -3.1, 0.6, -1.9, 4.2, -0.05]).reshape(2, 2, 2)),
    ("far", np.array([-40.0, 40.0])),
    ("far", np.array([-710.0, 0.5])),
    ("far", np.array([0.5, 710.0])),
    ("far", np.array([-1000.0, 1000.0])),
    ("rows", np.array([[1000.0, 1001.0], [0.5, -0.5]])),
    ("rows", np.array([[-1000.0, -1001.0], [3.0, 1.0]])),
)


def _drawn_again(name: str, visible: list[Probe]) -> Iterator[Probe]:
    """The visible calls with other numbers, where each argument stands for itself."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    for probe in visible:
        if all(isinstance(arg, (np.ndarray, int, float, np.generic)) for arg in probe.args) and probe.args:
            args = tuple(_draw(arg, rng) if isinstance(arg, np.ndarray) else arg for arg in probe.args)
            family = probe.family if probe.family in ("far", "integers") else "drawn"
            yield replace(probe, args=args, tests=frozenset(), family=family)


def _draw(array: Any, rng: np.random.Generator) -> Any:
    if array.size and array.dtype.kind in "iu":
        return rng.integers(array.min(), array.max(), array.shape, endpoint=True).astype(array.dtype)
    if array.dtype.kind != "f" or not array.size:
        return array.copy()
    fresh = rng.permutation(array.ravel()) * rng.uniform(0.6, 1.4, array.size)
    rounded = [float(f"{number:.3g}") for number in fresh.tolist()]
    return np.array(rounded, dtype=array.dtype).reshape(array.shape)


@dataclass(frozen=True)
class Member:
    """A known mistake: what it is called, what it does on each of the function's probes, and where that is wrong."""

    cause: str
    calls: tuple[RemoteCall, ...]
    wrong: frozenset[int]


def members(
    assignment: Assignment, function: str, probes: Sequence[Probe], warm: Warm, limits: Limits
) -> tuple[Member, ...]:
    """What every known mistake in a function does on the probes."""
    cells = cells_of(assignment, function)
    if not cells or not probes:
        return ()
    found = []
    mistakes = (Cell("student", "", code) for _, code in cells)
    with answers_of(assignment, warm, limits, *mistakes) as session:
        for number, (cause, _) in enumerate(cells):
            name = _name(number)
            calls = tuple(session.calls(name, [probe.given() for probe in probes]))
            if len(calls) < len(probes):
                continue  # it runs into a limit: nobody waits for that in a student's function
            wrong = (i for i, call in enumerate(calls) if is_wrong(call, probes[i]))
            found.append(Member(cause, calls, frozenset(wrong)))
    return tuple(found)


def is_wrong(call: RemoteCall, probe: Probe) -> bool:
    """Whether a probe was not answered as it should be."""
    if call.error or probe.raises:
        return not call.error or call.error.name != probe.raises
    return difference(call.result, probe) is not None


def difference(result: Any, probe: Probe) -> Difference | None:
    """How a result differs from what is right for the probe."""
    return compare_drawn(result, probe.right) if probe.draws else compare(result, probe.right, probe.rows)


def cells_of(assignment: Assignment, function: str) -> list[tuple[str, str]]:
    """Each known mistake in a function: its cause, and a cell that defines it under a name of its own."""
    signature = _signature(assignment, function)
    codes = [
        (cause, code)
        for cause, given in assignment.mistakes.get(function, {}).items()
        for code in ([given] if isinstance(given, str) else given)
    ]
    return [
        (cause, _defined(function, signature, code, _name(number)))
        for number, (cause, code) in enumerate(codes)
    ]


def _name(number: int) -> str:
    return f"mistake_{number}"


def _defined(function: str, signature: str, code: str, name: str) -> str:
    """A cell that makes the mistaken function in a scope of its own, so that the right one stays."""
    body = code.strip("\n")
    if f"def {function}(" not in body:
        body = f"def {function}({signature}):\n{textwrap.indent(body, '    ')}"
    return (
        f"def make_{name}():\n{textwrap.indent(body, '    ')}\n    return {function}\n{name} = make_{name}()"
    )


def _signature(assignment: Assignment, function: str) -> str:
    """The parameters of the instructor's own."""
    source = next((c.source for c in assignment.cells if c.id == assignment.functions.get(function)), "")
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.unparse(node.args)
    return "*args, **kwargs"
