"""The page of one assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.classroom.pages import report_likeness as likeness
from autograder.classroom.pages import report_mistakes as mistakes_part
from autograder.classroom.pages import report_people as people
from autograder.classroom.pages import report_rubric as rubric
from autograder.classroom.pages import report_scores as scores
from autograder.classroom.pages import report_times as times
from autograder.classroom.pages.document import document
from autograder.classroom.pages.report_names import Names
from autograder.classroom.pages.report_parts import count, of, section, tiles
from autograder.classroom.pages.report_style import STYLE
from autograder.classroom.pages.text import plain
from autograder.classroom.report import attention, figures, mistakes
from autograder.classroom.report.group import Class
from autograder.classroom.report.similar import Pair

MOST_NOTES = 60


@dataclass(frozen=True)
class Extras:
    """What the page says beside the class itself.

    `pairs` are similar submissions, None where nothing was compared; `unread` those whose graded notebook could
    not be read, with the reason; `made` the moment in words.
    """

    course: str = ""
    pairs: Sequence[Pair] | None = None
    unread: dict[str, str] = field(default_factory=dict)
    made: str = ""


def render(group: Class, names: Names, extras: Extras) -> str:
    """The whole page."""
    marked = group.marked
    points = [record.score for record in marked.values()]
    waiting = sum(mark.by_hand for record in marked.values() for mark in record.marks.values())
    most = group.records.max_points
    hand_ins = list(group.hand_ins.values())
    found = attention.needs(group)
    sections = {
        "needs": ("What needs a person", people.needs(found, names) + _unread(extras, names)),
        "scores": ("Scores", scores.section(points, most, waiting)),
        "rubric": ("Rubric", rubric.section(figures.item_figures(group))),
        "mistakes": ("The commonest mistakes", _mistakes(group, names)),
        "times": ("When it was handed in", times.section(hand_ins, group.records.due)),
        "late": ("Late", people.late(group, names)),
        "absent": ("Who has not handed in", people.absent(group, names)),
        "similar": ("Similar submissions", likeness.section(extras.pairs, names) if len(marked) > 1 else ""),
        "all": ("Everybody", people.everybody(group, names)),
        "how": ("How it was graded", _how(group, names)),
    }
    shown = {key: part for key, part in sections.items() if part[1].strip()}
    body = [_header(group, extras), _contents(shown)]
    body += [section(key, title, text) for key, (title, text) in shown.items()]
    body.append(_footer(names, extras))
    return document(f"{plain(group.assignment)}: report", "\n".join(body), STYLE)


def _header(group: Class, extras: Extras) -> str:
    marked = group.marked
    found = figures.spread([record.score for record in marked.values()])
    most = group.records.max_points
    enrolled = f" <small>of {len(group.people)}</small>" if group.people else ""
    values = [("Handed in", f"{len(group.hand_ins)}{enrolled}"), ("Graded", str(len(marked)))]
    if found:
        values += [("Mean", of(round(found.mean, 1), most)), ("Median", of(found.middle, most))]
    values.append(("To grade by hand", str(sum(record.by_hand for record in marked.values()))))
    values.append(("Late", str(sum(one.late for one in group.hand_ins.values()))))
    course = f'<a href="index.html">{plain(extras.course or "course")}</a>'
    return (
        f'<header>\n<p class="course">{course}, {plain(group.assignment)}</p>\n'
        f"<h1>{plain(group.title)}</h1>\n{tiles(values)}\n</header>"
    )


def _mistakes(group: Class, names: Names) -> str:
    if not group.graded:
        return ""
    if all(item.passed is None for one in group.graded.values() for item in one.items.values()):
        return "<p>Not known: only this course's own judge says in words what is wrong.</p>"
    return mistakes_part.section(mistakes.find(group.graded.values()), names)


def _contents(sections: dict[str, tuple[str, str]]) -> str:
    links = "\n".join(f'<li><a href="#{key}">{title}</a></li>' for key, (title, _) in sections.items())
    return f'<nav aria-label="On this page"><ul>\n{links}\n</ul></nav>'


def _unread(extras: Extras, names: Names) -> str:
    if not extras.unread:
        return ""
    words = f"<p>{count(len(extras.unread), 'graded notebook')} could not be read and is left out of the mistakes.</p>"
    return words + names.listed(extras.unread)


def _how(group: Class, names: Names) -> str:
    """The confinement, the rules graded by, and what was put right."""
    if not group.graded:
        return ""
    known = [one.layers for one in group.graded.values() if one.layers is not None]
    kinds = {layers: known.count(layers) for layers in dict.fromkeys(known)}
    lines = [f"<li>{count(many, 'submission')}: {_layers(layers)}</li>" for layers, many in kinds.items()]
    if len(known) < len(group.graded):
        lines.append(f"<li>{count(len(group.graded) - len(known), 'submission')}: not by this judge</li>")
    engines = sorted({one.engine for one in group.graded.values() if one.engine})
    rules = f"<p>Rules: {plain(', '.join(engines))}.</p>" if engines else ""
    confined = f"<p>What student code was confined by:</p>\n<ul>\n{''.join(lines)}\n</ul>"
    return f"{rules}\n{confined}\n{_repairs(group, names)}"


def _layers(layers: tuple[str, ...]) -> str:
    if not layers or "trusted" in layers:
        return '<span class="warn">nothing: the submissions were declared trusted</span>'
    return plain(", ".join(layers))


def _repairs(group: Class, names: Names) -> str:
    repaired = {student: one.notes for student, one in group.graded.items() if one.notes}
    if not repaired:
        return "<p>No notebook had to be put right.</p>"
    words = f"{count(len(repaired), 'notebook')} had to be put right before grading"
    if names.hidden:
        return f"<p>{words}.</p>"
    lines = "\n".join(
        f"<li>{names.of(student)}: {plain('; '.join(notes), 400)}</li>"
        for student, notes in list(repaired.items())[:MOST_NOTES]
    )
    return f"<details><summary>{words}</summary>\n<ul>\n{lines}\n</ul></details>"


def _footer(names: Names, extras: Extras) -> str:
    who = (
        "Names are left out; answers are shown as they were written."
        if names.hidden
        else "For instructors only."
    )
    made = f" Made on {plain(extras.made)}." if extras.made else ""
    return f"<footer><p>{who}{made} This file needs no network and runs no program.</p></footer>"
