"""The known mistakes of an assignment: for each function, what students do and what it is called.

They come with the instructor's notebook, in its metadata: under `autograder.mistakes` each function has a table
from a cause, in a sentence, to the code of it (the body of the function, or a cell that defines it; several
where there are several ways to make the mistake). They run confined, as answers do.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.judging.assignment import Assignment
from autograder.judging.cell_code import parsed
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.mistakes.differences import compare
from autograder.judging.mistakes.probes import Probe, answers_of, fresh
from autograder.judging.outcome import Cell, RemoteCall


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
            given = [(fresh(probe.args), probe.kwargs) for probe in probes]
            calls = tuple(session.calls(name, given))
            if len(calls) < len(probes):
                continue  # it runs into a limit: nobody waits for that in a student's function
            wrong = (i for i, call in enumerate(calls) if is_wrong(call, probes[i]))
            found.append(Member(cause, calls, frozenset(wrong)))
    return tuple(found)


def is_wrong(call: RemoteCall, probe: Probe) -> bool:
    """Whether a probe was not answered as it should be."""
    if call.error or probe.raises:
        return not call.error or call.error.name != probe.raises
    return compare(call.result, probe.right, probe.rows) is not None


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
