"""What needs a person: answers without points, files that cannot be read, work that was not graded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from autograder.classroom.gradebook.graded import WRITTEN, RubricItem
from autograder.classroom.report.classes import Class


@dataclass(frozen=True)
class Need:
    """One thing to do: what it is, how to do it, whom it concerns; `reasons` are lines of their own, by student."""

    what: str
    todo: str
    students: list[str]
    reasons: dict[str, str] = field(default_factory=dict)


def needs(group: Class) -> list[Need]:
    """Return what a person has to do, most pressing first."""
    found = [_unreadable(group), _not_graded(group), _changed(group), *_by_hand(group), _flagged(group)]
    found += [_other_tests(group), _unconfined(group)]
    return [need for need in found if need.students]


def _in_stage(group: Class, stage: str) -> list[str]:
    return [student for student, one in group.hand_ins.items() if one.stage == stage]


def _unreadable(group: Class) -> Need:
    students = _in_stage(group, "unreadable")
    reasons = {student: group.hand_ins[student].reason for student in students}
    return Need("cannot be read", "Ask for the right file, or mend it.", students, reasons)


def _not_graded(group: Class) -> Need:
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("not graded yet", todo, _in_stage(group, "not graded"))


def _changed(group: Class) -> Need:
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("handed in again after grading", todo, _in_stage(group, "changed"))


def _by_hand(group: Class) -> list[Need]:
    waiting: dict[tuple[str, str], list[str]] = {}
    for student, record in group.marked.items():
        for key, mark in record.marks.items():
            if mark.by_hand:
                waiting.setdefault(key, []).append(student)
    items = group.items()
    todo = "In the formgrader, under Manual Grading."
    ordered = [key for key in items if key in waiting]
    return [Need(f"without points for {_called(items[key])}", todo, waiting[key]) for key in ordered]


def _called(item: RubricItem) -> str:
    return item.called if item.title == WRITTEN else f"{item.called}: {item.title}"


def _flagged(group: Class) -> Need:
    students = [
        student
        for student, record in group.marked.items()
        if any(notebook.flagged for notebook in record.notebooks.values())
    ]
    return Need("flagged in the formgrader", "Look at what was flagged.", students)


def _other_tests(group: Class) -> Need:
    """Those graded by other tests than most: the tests have changed in between."""
    digests = {student: tuple(one.digests) for student, one in group.graded.items() if any(one.digests)}
    most = Counter(digests.values()).most_common(1)
    usual = most[0][0] if most else ()
    students = [student for student, digest in digests.items() if digest != usual]
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("graded by other tests than most", todo, students)


def _unconfined(group: Class) -> Need:
    students = [student for student, one in group.graded.items() if "trusted" in (one.layers or ())]
    return Need("graded without confinement, as trusted", "Grade where confinement works.", students)
