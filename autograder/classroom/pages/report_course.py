"""The page of the course over all assignments."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from autograder.classroom.gradebook.records import Person
from autograder.classroom.pages import report_scores as scores
from autograder.classroom.pages.charts import strip
from autograder.classroom.pages.document import document
from autograder.classroom.pages.report_names import Names
from autograder.classroom.pages.report_parts import count, percent, row, section, table, tiles
from autograder.classroom.pages.report_rubric import WEAK, signed
from autograder.classroom.pages.report_style import STYLE
from autograder.classroom.pages.text import number, plain
from autograder.classroom.report import attention, figures, overview
from autograder.classroom.report.attention import Need
from autograder.classroom.report.figures import ItemFigures
from autograder.classroom.report.group import Class
from autograder.classroom.report.overview import Standing

LOW = 0.5  # of all points: who has less is listed
MOST_ITEMS = 10


def render(
    course: str, classes: Sequence[Class], people: dict[str, Person], names: Names, pages: set[str], made: str
) -> str:
    """The whole page; `pages` are the assignments that have a page of their own beside it."""
    used = overview.in_use(classes)
    standing = overview.standings(classes, people)
    totals = [one.total for one in standing if one.missing < len(used)]
    most = sum(group.records.max_points for group in used)
    sections = {
        "assignments": ("Assignments", _assignments(classes, pages)),
        "needs": ("What needs a person", _needs(used, pages)),
        "scores": (
            "All points together",
            scores.section(totals, most, 0, "students") if len(used) > 1 else "",
        ),
        "people": ("Whom to talk to", _people(standing, len(used), names)),
        "items": ("Rubric items", _items(used)),
        "all": ("Everybody", _everybody(standing, used, names)),
    }
    shown = {key: part for key, part in sections.items() if part[1].strip()}
    body = [_header(course, used, people, standing)]
    body += [section(key, title, text) for key, (title, text) in shown.items()]
    body.append(_footer(names, made))
    return document(f"{plain(course)}: report", "\n".join(body), STYLE)


def _header(
    course: str, used: Sequence[Class], people: dict[str, Person], standing: Sequence[Standing]
) -> str:
    shares = [one.share for one in standing if one.missing < len(used)]
    values = [("Students", str(len(people))), ("Assignments in use", str(len(used)))]
    values.append(("Hand-ins", str(sum(len(group.hand_ins) for group in used))))
    if shares:
        values.append(("Median of all points", percent(median(shares))))
    values.append(("To grade by hand", str(sum(_by_hand(group) for group in used))))
    return (
        f'<header>\n<p class="course">Course report</p>\n<h1>{plain(course)}</h1>\n{tiles(values)}\n</header>'
    )


def _by_hand(group: Class) -> int:
    return sum(record.by_hand for record in group.marked.values())


def _assignments(classes: Sequence[Class], pages: set[str]) -> str:
    if not classes:
        return "<p>The gradebook has no assignments yet: `autograder release` makes them.</p>"
    rows = [_assignment(group, pages, place) for place, group in enumerate(classes)]
    head = ["Assignment", "Handed in", "Graded", "Mean", "Median", "Spread, 0 to 100 %", "By hand", "Late"]
    words = (
        '<p class="soft">Spread: the line goes from the lowest to the highest score, the box holds the middle half, '
        "the upright is the median.</p>"
    )
    return table("Assignments", head, rows, numbers=[1, 2, 3, 4, 6, 7]) + words


def _assignment(group: Class, pages: set[str], place: int) -> str:
    most = group.records.max_points or 1.0
    found = figures.spread([record.score / most for record in group.marked.values()])
    shares = [percent(found.mean), percent(found.middle)] if found else ["", ""]
    late = sum(one.late for one in group.hand_ins.values())
    cells = [str(len(group.hand_ins)), str(len(group.marked)), *shares, _strip(group, found, place)]
    return row(_link(group, pages), [*cells, str(_by_hand(group)), str(late)], numbers=[1, 2, 3, 4, 6, 7])


def _strip(group: Class, found: figures.Spread | None, place: int) -> str:
    if found is None:
        return ""
    words = (
        f"{group.assignment}: from {percent(found.low)} to {percent(found.high)}, the middle half from "
        f"{percent(found.first)} to {percent(found.third)}, median {percent(found.middle)}"
    )
    return strip(f"strip-{place}", words, found.low, found.first, found.middle, found.third, found.high)


def _link(group: Class, pages: set[str]) -> str:
    name = plain(group.assignment)
    return f'<a href="{name}.html">{name}</a>' if group.assignment in pages else name


def _needs(used: Sequence[Class], pages: set[str]) -> str:
    rows = [row(_link(group, pages), [_need(need)]) for group in used for need in attention.needs(group)]
    if not rows:
        return "<p>Nothing: everything that was handed in is graded.</p>" if used else ""
    return table("What needs a person", ["Assignment", "Submissions"], rows)


def _need(need: Need) -> str:
    return f'{len(need.students)} {plain(need.what)}<span class="word">{plain(need.todo)}</span>'


def _people(standing: Sequence[Standing], used: int, names: Names) -> str:
    if not used:
        return ""
    silent = overview.silent(standing, used)
    low = overview.struggling(standing, used, LOW)
    parts = [f"<p>{count(len(silent), 'student')} handed in nothing at all.</p>"] if silent else []
    parts.append(names.listed(silent))
    if low:
        have = "has" if len(low) == 1 else "have"
        parts.append(
            f"<p>{count(len(low), 'student')} of those who hand in {have} less than {percent(LOW)} of all points, "
            "lowest first.</p>"
        )
    parts.append(names.listed(low))
    if not silent and not low:
        parts.append(f"<p>Everybody hands in and has at least {percent(LOW)} of all points.</p>")
    return "\n".join(part for part in parts if part)


def _items(used: Sequence[Class]) -> str:
    items = [(group, item) for group in used for item in figures.usual(figures.item_figures(group))]
    if not items:
        return ""
    hardest = sorted(items, key=lambda pair: (pair[1].pass_rate, pair[0].assignment, pair[1].name))[
        :MOST_ITEMS
    ]
    doubtful = [
        (group, item)
        for group, item in items
        if (1.0 if item.discrimination is None else item.discrimination) < WEAK
    ]
    doubtful.sort(key=lambda pair: pair[1].discrimination or 0.0)
    hard_rows = [_item(group, item, percent(item.pass_rate)) for group, item in hardest if item.pass_rate < 1]
    apart_rows = [
        _item(group, item, signed(item.discrimination or 0.0)) for group, item in doubtful[:MOST_ITEMS]
    ]
    parts = [table("Hardest items", ["Hardest", "Item", "All points"], hard_rows, [2])] if hard_rows else []
    if apart_rows:
        head = ["To look at", "Item", "Tells apart"]
        parts.append(table("Items that hardly tell students apart", head, apart_rows, [2]))
    return "\n".join(parts)


def _item(group: Class, item: ItemFigures, value: str) -> str:
    return row(plain(group.assignment), [f"<code>{plain(item.name)}</code>", value], numbers=[2])


def _everybody(standing: Sequence[Standing], used: Sequence[Class], names: Names) -> str:
    if names.hidden or not standing or not used:
        return ""
    numeric = list(range(1, len(used) + 3))
    rows = [
        row(names.of(one.student), [*map(_score, one.scores), number(one.total), percent(one.share)], numeric)
        for one in standing
    ]
    head = ["Student", *(plain(group.assignment) for group in used), "All", "Share"]
    listed = table("Everybody's points", head, rows, numbers=numeric)
    return f"<details><summary>The points of all {len(rows)}</summary>\n{listed}</details>"


def _score(value: float | None) -> str:
    return "\N{EN DASH}" if value is None else number(value)


def _footer(names: Names, made: str) -> str:
    who = "Names are left out." if names.hidden else "For instructors only."
    return f"<footer><p>{who} Made on {plain(made)}. This file needs no network and runs no program.</p></footer>"
