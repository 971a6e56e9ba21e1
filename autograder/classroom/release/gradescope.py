"""The zip that Gradescope takes as an autograder: this judge, one assignment, and the two scripts that it wants.

After "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/: `setup.sh` runs as
root when the image is built, `run_autograder` for each submission. Only NumPy is installed: nothing of nbgrader is
needed there. The instructor's notebook is readable by root alone, and student code runs confined as everywhere.

Grades that were given here go there as results: a zip with `<student>/results.json` for each graded submission.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import autograder
from autograder.classroom import beside, ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Marks, Standing
from autograder.classroom.files import packed
from autograder.classroom.grade.rules import Settings
from autograder.classroom.release.gradescope_run import (
    ASSIGNMENT,
    SETTINGS,
    Tested,
    describe,
    name_of,
    results,
)
from autograder.judging.assignment import Assignment, parse_assignment

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}

fits='import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'
find_python() {
    for python in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$python" -c "$fits" 2>/dev/null; then echo "$python"; return; fi
    done
    return 1
}
if ! python=$(find_python); then
    apt-get update
    apt-get install -y python3.12 python3.12-venv || apt-get install -y python3.11 python3.11-venv
    python=$(find_python)
fi
[ -x "$root/venv/bin/python" ] || "$python" -m venv "$root/venv"
python=$root/venv/bin/python
"$python" -m pip install -r "$root/source/requirements.txt"
cp -R "$root/source/autograder" "$("$python" -Ic 'import sysconfig; print(sysconfig.get_path("purelib"))')"
chmod -R go= "$root/source"

# What confines student code may differ where submissions run: every result records it.
"$python" -Ic 'from autograder.judging.doctor import examine; print(*examine().lines(), sep="\\n")' || true
"""
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission.
root=${AUTOGRADER_ROOT:-/autograder}
exec "$root/venv/bin/python" -Im autograder.classroom.release.gradescope_run "$root"
"""
REQUIREMENTS = """\
numpy==2.4.6; python_version < "3.12"
numpy==2.5.5; python_version >= "3.12"
"""


def write(course: Course, assignment: str, path: Path, *, trusted: bool = False) -> Assignment:
    """Write the autograder of an assignment and return the assignment, for its points.

    With `trusted` it also grades where a container lacks what confines student code. Raises CourseError if the
    assignment has more than one notebook, or the file cannot be written.
    """
    course.require_assignment(assignment)
    notebooks = sorted(course.source(assignment).glob("*.ipynb"))
    if len(notebooks) != 1:
        raise CourseError(
            f"{assignment} has {len(notebooks)} notebooks: an autograder for Gradescope grades one."
        )
    settings, source = Settings(course), notebooks[0].read_bytes()
    _require_strict(course, assignment)
    known = {
        "name": notebooks[0].stem,
        "stubs": asdict(settings.stubs),
        "limits": asdict(settings.limits),
        "trusted": trusted,
    }
    package = Path(autograder.__file__).parent
    with packed(path) as archive:
        archive.put("setup.sh", SETUP, 0o755)
        archive.put("run_autograder", RUN, 0o755)
        archive.put("requirements.txt", REQUIREMENTS)
        archive.put(SETTINGS, json.dumps(known, indent=1))
        archive.put(ASSIGNMENT, source)
        archive.put_tree(package, "autograder", "*.py")
    return parse_assignment(notebooks[0].stem, source, settings.stubs)


def _require_strict(course: Course, assignment: str) -> None:
    """Raise CourseError where an autograder there would grade in another way than here."""
    needs = {
        "tests that run together with the student's code": ways.shared_tests(course, assignment),
        "files beside its notebook": any(beside.instructors(course, assignment)),
        "packages besides NumPy": beside.packages_needed(course, assignment),
    }
    if found := [what for what, is_needed in needs.items() if is_needed]:
        raise CourseError(
            f"{assignment} has {' and '.join(found)}: an autograder for Gradescope has no such thing. "
            "Collect it from Gradescope and grade it here."
        )


def write_results(course: Course, marks: Marks, path: Path) -> Export:
    """Write the results of one assignment, a person's points and comments in them.

    Raises CourseError if several assignments are asked for, or the file cannot be written.
    """
    every = marks.only("Gradescope's results are of one assignment")
    graded = [mark for mark in every if mark.record]
    with packed(path) as archive:
        for mark in graded:
            archive.put(f"{mark.student}/results.json", json.dumps(_results(course, mark, marks), indent=1))
    missing = [mark.student for mark in every if not mark.record]
    return Export(len(graded), [f"left out, nothing graded: {in_a_line(missing)}"] if missing else [])


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
