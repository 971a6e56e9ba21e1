"""What is wrong with the cell itself: not written, not Python, ended in an error, or under another name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from autograder.judging.assignment import Assignment, top_level_names
from autograder.judging.mistakes.words import exception_words
from autograder.judging.outcome import ErrorText, Outcome

_LINE, _OWN_LINE = re.compile(r"line (\d+)"), re.compile(r'File "<[^"]*>", line (\d+)')
_LONGEST = 200


def trouble(
    assignment: Assignment, function: str, outcomes: Sequence[Outcome], failed: Sequence[Outcome]
) -> str:
    """Why there is no function to test, in a sentence; empty if there is one."""
    answer = assignment.functions.get(function)
    own = [outcome for outcome in outcomes if outcome.cell.kind == "student"]
    cell = next((o for o in own if o.cell.id == answer), None) or _defining(function, own)
    if all(_not_written(outcome) for outcome in failed):
        return "It is not written yet."
    if not all(_is_missing(function, outcome) for outcome in failed):
        return ""
    if cell is not None and cell.error is not None:
        if cell.error.name == "NotImplementedError":
            return "It is not written yet."
        return f"`{function}` is not defined: its cell {_stopped(cell)}"
    if other := _other_name(function, own, assignment):
        return f"`{function}` is not defined: you named it `{other}`."
    return f"`{function}` is not defined: no cell of yours defines a function of that name."


def _not_written(outcome: Outcome) -> bool:
    return outcome.error is not None and (outcome.error.name, outcome.error.origin) == (
        "NotImplementedError",
        "student",
    )


def _is_missing(function: str, outcome: Outcome) -> bool:
    error = outcome.error
    return error is not None and error.name == "NameError" and f"'{function}'" in error.message


def _defining(function: str, own: Sequence[Outcome]) -> Outcome | None:
    return next((o for o in reversed(own) if function in top_level_names(o.cell.source)), None)


def _stopped(cell: Outcome) -> str:
    """How a cell ended, as the rest of a sentence."""
    error = cell.error
    assert error is not None
    if "\n<<<<<<< " in f"\n{cell.cell.source}":
        return "holds the marks of a merge (<<<<<<<, =======, >>>>>>>). Keep one version, and delete them."
    if error.origin == "limit":
        return "did not come to an end." if error.name == "TimeLimit" else "ended Python."
    if error.name in ("SyntaxError", "IndentationError", "TabError"):
        return f"is not Python{_at_line(error)}: {error.message.partition(' (')[0]}."
    words = "" if error.name == "ModuleNotFoundError" else exception_words(error)
    message = error.message.strip().split("\n")[0][:_LONGEST]
    return f"stopped{_at_line(error)} with {error.name}{f': {message}' if message else ''}. {words}".strip()


def _at_line(error: ErrorText) -> str:
    lines = _LINE.findall(error.message)[-1:] or _OWN_LINE.findall(error.traceback)
    return f" in line {lines[0]}" if lines else ""


def _other_name(function: str, own: Sequence[Outcome], assignment: Assignment) -> str:
    """A name of the student's that looks like the function's, or stands alone in its cell."""
    plain = {_plain(name): name for o in own for name in sorted(top_level_names(o.cell.source))}
    plain = {key: name for key, name in plain.items() if name not in assignment.functions}
    close = difflib.get_close_matches(_plain(function), plain, n=1, cutoff=0.75)
    if close:
        return plain[close[0]]
    answer = next((o for o in own if o.cell.id == assignment.functions.get(function)), None)
    names = sorted(re.findall(r"^def +(\w+)", answer.cell.source, re.MULTILINE)) if answer else []
    names = [name for name in names if name not in assignment.functions]
    return names[0] if len(names) == 1 else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
