"""Who needs something, who is missing, who was late, and everybody in one table."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.gradebook.records import Record
from autograder.classroom.pages.report_names import Names
from autograder.classroom.pages.report_parts import count, row, table
from autograder.classroom.pages.report_times import MOMENT
from autograder.classroom.pages.text import number, plain
from autograder.classroom.report.attention import Need
from autograder.classroom.report.group import Class

LONGEST_REASON = 400
MOST_REASONS = 100


def needs(found: Sequence[Need], names: Names) -> str:
    """What a person has to do, and for whom."""
    if not found:
        return "<p>Nothing: everything that was handed in is graded.</p>"
    lines = "\n".join(_need(need, names) for need in found)
    return f'<ul class="needs">\n{lines}\n</ul>'


def _need(need: Need, names: Names) -> str:
    what = (
        f"<strong>{count(len(need.students), 'submission')}</strong> {plain(need.what)}. {plain(need.todo)}"
    )
    if names.hidden or not need.reasons:
        return f"<li>{what}\n{names.listed(need.students)}</li>"
    reasons = "\n".join(
        f"<li>{names.of(student)}: {plain(reason, LONGEST_REASON)}</li>"
        for student, reason in list(need.reasons.items())[:MOST_REASONS]
    )
    return f"<li>{what}\n<ul>\n{reasons}\n</ul></li>"


def absent(group: Class, names: Names) -> str:
    """Who is enrolled and has handed in nothing."""
    missing = group.absent
    if not group.people:
        return "<p>The gradebook has no students yet: nobody can be missed.</p>"
    if not missing:
        return f"<p>Nobody: all {len(group.people)} in the gradebook have handed in.</p>"
    whole = f"{count(len(missing), 'student')} of the {len(group.people)} in the gradebook."
    if names.hidden:
        return f"<p>{whole}</p>"
    listed = "\n".join(f"<li>{names.of(student)}</li>" for student in missing)
    return (
        f'<p>{whole}</p>\n<details class="who" open><summary>Who</summary>\n<ul>\n{listed}\n</ul></details>'
    )


def late(group: Class, names: Names) -> str:
    """Who was late, by how much, and what it cost."""
    students = [student for student, one in group.hand_ins.items() if one.late]
    if not students:
        return ""
    taken = {student: record.penalty for student, record in group.marked.items() if record.penalty}
    cost = (
        f"{count(len(taken), 'submission')} lost {number(sum(taken.values()))} points by it."
        if taken
        else "No points were taken off for it."
    )
    words = f"<p>{count(len(students), 'hand-in')} came after the due date. {cost}</p>"
    if names.hidden:
        return words
    rows = [
        row(names.of(student), [_delay(group, student), number(taken.get(student, 0))], [2])
        for student in students
    ]
    listed = table("Late hand-ins", ["Student", "Late by", "Points taken off"], rows, numbers=[2])
    return f"{words}\n<details><summary>Who</summary>\n{listed}</details>"


def _delay(group: Class, student: str) -> str:
    when = group.hand_ins[student].when
    record = group.records.by_student.get(student)
    due = record.due if record else group.records.due
    if when is None or due is None:
        return ""
    minutes = int((when - due).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    return f"{count(days, 'day')} {rest // 60} h" if days else f"{rest // 60} h {rest % 60} min"


def everybody(group: Class, names: Names) -> str:
    """All hand-ins in a table; nothing where names are hidden."""
    if names.hidden or not group.hand_ins:
        return ""
    marked = group.marked
    rows = [_hand_in(group, student, marked.get(student), names) for student in group.hand_ins]
    head = ["Student", "Points", "Handed in", "Remarks"]
    listed = table("All hand-ins", head, rows, numbers=[1])
    return f"<details><summary>All {len(rows)} hand-ins</summary>\n{listed}</details>"


def _hand_in(group: Class, student: str, record: Record | None, names: Names) -> str:
    one = group.hand_ins[student]
    remarks: list[str] = [one.state] if one.state != "graded" else []
    if record and record.by_hand:
        remarks.append("to grade by hand")
    if one.late:
        remarks.append("late")
    if student in group.graded and group.graded[student].notes:
        remarks.append(count(len(group.graded[student].notes), "repair"))
    points = number(record.score) if record else "\N{EN DASH}"
    when = f"{one.when:{MOMENT}}" if one.when else ""
    return row(names.of(student), [points, when, ", ".join(remarks)], numbers=[1])
