"""What the commands show on the terminal: a progress bar, a summary, and one line for each failure."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from statistics import mean
from typing import TYPE_CHECKING

from autograder.classroom.errors import Result

if TYPE_CHECKING:
    from datetime import datetime

    from autograder.classroom.collect.people import Person
    from autograder.classroom.grade.writing import Change
    from autograder.classroom.gradebook.history import Step
    from autograder.classroom.gradebook.records import Total

LONGEST_TABLE = 60  # students; a longer list belongs in the formgrader or a spreadsheet


def follow(
    results: Iterable[Result], total: int, verb: str, *, quiet: bool = False
) -> tuple[list[Result], bool]:
    """Show a progress bar while results come in; return them, and whether all came (False after Ctrl-C)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    seen: list[Result] = []
    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=Console(), disable=quiet) as progress:
        task = progress.add_task("", total=total)
        try:
            for result in results:
                seen.append(result)
                progress.update(task, advance=1, description=result.student)
            progress.update(task, description="")
        except KeyboardInterrupt:
            return seen, False
    return seen, True


def show_scores(assignment: str, results: list[Result], scores: dict[str, Total]) -> None:
    """Print a table of who has what, if it is not too long and anything is new in it."""
    if len(results) > LONGEST_TABLE or all(result.state != "done" for result in results):
        return
    rows = []
    for result in sorted(results, key=_student):
        score = scores.get(result.student) if result.state != "failed" else None
        points = f"{score.score:g} / {score.max_points:g}" if score else "-"
        rows.append((result.student, points, _remark(result, score)))
    _show_table(("student", ">points", ""), rows, assignment)


def show_counts(results: list[Result], verb: str, scores: dict[str, Total] | None = None) -> None:
    """Print how many submissions came to what, with the class's mean if there are scores."""
    counts = Counter(result.state for result in results)
    parts = [f"{counts['done']} {verb}", f"{counts['unchanged']} unchanged", f"{counts['failed']} failed"]
    known = [
        scores[r.student].score for r in results if scores and r.student in scores and r.state != "failed"
    ]
    if known:
        parts.append(f"mean {mean(known):.1f} points")
    say(", ".join(parts))


def show_failures(results: list[Result]) -> None:
    """Print each failure with its reason on one line of standard error."""
    for result in sorted(results, key=_student):
        if result.state == "failed":
            complain(f"{result.student}: {result.reason}")


def show_changes(changes: Sequence[Change]) -> None:
    """Print whose score would change, by how much, in which items and why, and that nothing was written."""
    moved = [change for change in sorted(changes, key=lambda c: c.student) if change.before != change.after]
    rows = []
    for change in moved:
        before, gain = (
            ("-", "new")
            if change.before is None
            else (f"{change.before:g}", f"{change.after - change.before:+g}")
        )
        rows.append((change.student, before, f"{change.after:g}", gain, _items(change)))
    if moved:
        _show_table(("student", ">now", ">then", ">change", "why"), rows)
    say(f"{len(moved)} of {len(changes)} scores would change. Nothing was written.")


def _items(change: Change) -> str:
    """The reason, and the items that it moved."""
    if change.before is None:
        return ""
    moved = [f"{name} {_points(old)} -> {_points(new)}" for name, (old, new) in change.items.items()]
    return ": ".join(filter(None, (change.why, ", ".join(moved))))


def show_people(people: Sequence[Person]) -> None:
    """Print the class: a row for each student, the columns of which something is known."""
    rows = [
        (p.id, p.name, p.email, p.number, p.sis, ", ".join(p.groups), ", ".join(p.sections)) for p in people
    ]
    names = ("student", "name", "e-mail", "platform's id", "id number", "groups", "sections")
    known = [place for place in range(len(names)) if place == 0 or any(row[place] for row in rows)]
    _show_table([names[place] for place in known], [[row[place] for place in known] for row in rows])


def show_history(steps: Sequence[Step]) -> None:
    """Print gradings, the oldest first, each with what it was made from and what it changed."""
    for step in steps:
        one = step.grading
        points = f"{one.points:g} / {one.max_points:g}"
        say(f"{one.assignment}  {_minute(one.graded_at)}  {points} points")
        handed_in = f", handed in {_minute(one.handed_in_at)}" if one.handed_in_at else ""
        say(f"    submission {one.submission[:12]}{handed_in}; tests {one.tests[:12]}")
        say(
            f"    {one.engine}; {one.platform}; confined by {', '.join(one.layers) or 'nothing: nothing ran'}"
        )
        for name, (before, after) in step.changed.items():
            say(f"    {name}: {_points(before)} -> {_points(after)}")


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def print_json(value: object) -> None:
    """Print a value as JSON and nothing else, for other programs; dataclasses become objects, times texts."""
    print(json.dumps(value, indent=1, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def say(text: str) -> None:
    """Print one line."""
    print(text)


def complain(text: str) -> None:
    """Print one line on standard error."""
    print(text, file=sys.stderr)


def _student(result: Result) -> str:
    return result.student


def _remark(result: Result, score: Total | None) -> str:
    if result.state == "failed":
        return "not graded"
    by_hand = "to grade by hand" if score and score.by_hand else ""
    late = f"{score.penalty:g} taken off for being late" if score and score.penalty else ""
    unchanged = "unchanged" if result.state == "unchanged" else ""
    return ", ".join(filter(None, (unchanged, by_hand, late)))


def _show_table(header: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """Print a table; columns whose names begin with `>` are set to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in header:
        table.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)
