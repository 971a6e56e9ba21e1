"""The gradebook's grades as Gradescope results: a zip with `<student>/results.json` for each graded submission."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Marks, Standing
from autograder.classroom.files import Archive, packed
from autograder.classroom.release.gradescope_run import Tested, describe, name_of, results


def write(course: Course, marks: Marks, path: Path) -> Export:
    """Write the results of one assignment, a person's points and comments in them.

    Raises CourseError if several assignments are asked for, or the file cannot be written.
    """
    every = marks.only("Gradescope's results are of one assignment")
    graded = [mark for mark in every if mark.record]
    with packed(path) as archive:
        for mark in graded:
            _add(archive, f"{mark.student}/results.json", _results(course, mark, marks))
    missing = [mark.student for mark in every if not mark.record]
    return Export(len(graded), [f"left out, nothing graded: {in_a_line(missing)}"] if missing else [])


def _add(archive: Archive, name: str, report: dict[str, Any]) -> None:
    archive.put(name, json.dumps(report, indent=1))


def _results(course: Course, mark: Standing, marks: Marks) -> dict[str, Any]:
    assert mark.record
    told = _told(course, mark)
    tests = []
    for cell in marks.assignments[mark.assignment].cells:
        given = mark.record.marks.get((cell.notebook, cell.name))
        item = told.get(cell.name, {"id": cell.name})
        comment = mark.record.notebooks[cell.notebook].comments.get(cell.name, "") if given else ""
        points = given.points if given and given.given else None
        text = "\n".join(filter(None, (describe(item), comment)))
        tests.append(Tested(name_of(item), points, cell.max_points, text))
    notes = [f"Handed in late: {mark.penalty:g} points are taken off."] if mark.penalty else []
    return results(tests, notes=notes, score=mark.score)


def _told(course: Course, mark: Standing) -> dict[str, dict[str, Any]]:
    """Return what the judge said about each rubric item, by cell; nothing where stock nbgrader graded."""
    told: dict[str, dict[str, Any]] = {}
    for path in sorted(course.autograded(mark.student, mark.assignment).glob("*.ipynb")):
        try:
            record = json.loads(path.read_bytes())["metadata"].get("autograder", {})
        except (ValueError, KeyError, TypeError) as error:
            raise CourseError(
                f"{course.relative(path)} cannot be read: grade {mark.student} again."
            ) from error
        told |= {item["id"]: item for item in record.get("feedback", [])}
    return told
