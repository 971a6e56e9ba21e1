"""Grade the one submission in a Gradescope container; needs NumPy and the judge, and nothing of the classroom's.

After "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/ (file hierarchy): the
submission is in `submission/`, the unpacked autograder in `source/`, and `results/results.json` is to be written.

What Gradescope shows is in the words of the feedback page, so that it shows nothing of a hidden test. What the grading
itself prints is for the instructor only (`stdout_visibility`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.classroom.collect import archive
from autograder.classroom.collect.archive import Refused, shown
from autograder.classroom.collect.ledger import is_untouched
from autograder.classroom.collect.names import is_junk, notebook_name, split_copy
from autograder.judging.assignment import Assignment, Stubs, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from autograder.judging.sandbox import CannotConfine

Json = Mapping[str, Any]
_LONGEST = 20_000  # characters of one test's output


@dataclass(frozen=True)
class Tested:
    """One rubric item: a name in words, points given (None: a person has still to), and what to say about it."""

    name: str
    points: float | None
    max_points: float
    output: str = ""


def results(
    tests: Iterable[Tested], *, notes: Sequence[str] = (), score: float | None = None
) -> dict[str, Any]:
    """Return the results of a submission; `score`, if given, counts in place of the sum of the tests.

    Items that a person has still to grade are left out: Gradescope adds the points of its own rubric.
    """
    found = list(tests)
    given = [test for test in found if test.points is not None]
    waiting = len(found) - len(given)
    if waiting:
        notes = [*notes, f"{waiting} written answer{'s' * (waiting > 1)} a person grades."]
    report: dict[str, Any] = {
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(test, place) for place, test in enumerate(given, 1)],
    }
    if score is not None or not given:
        report["score"] = score or 0.0
    return report


def describe(item: Json) -> str:
    """Return what the judge says about one rubric item (an item as the graded notebook has it), as plain text."""
    lines = list(item.get("reasons", ()))
    if example := item.get("example"):
        verb = "raised" if example["raised"] else "returned"
        lines += [f"Try it: {example['call']}", f"Your code {verb} {example['returned']}"]
        if not example["raised"]:
            lines.append(f"Here {example['problem']}")
        lines += [example["traceback"]] if example["traceback"] else []
    return "\n".join(lines)[:_LONGEST]


def name_of(item: Json) -> str:
    """Return the name of a rubric item with the function that it belongs to."""
    title = item.get("title") or item["id"]
    return f"{item['function']}: {title}" if item.get("function") else title


def _test(test: Tested, place: int) -> dict[str, Any]:
    assert test.points is not None
    return {
        "number": str(place),
        "name": test.name,
        "score": test.points,
        "max_score": test.max_points,
        "status": "passed" if test.points >= test.max_points else "failed",
        "output": test.output,
        "output_format": "text",
        "visibility": "visible",
    }


SETTINGS = "settings.json"
ASSIGNMENT = "assignment.ipynb"


def main(root: Path) -> int:
    """Grade what is below `root` (Gradescope's `/autograder`); return the exit status.

    A machine that cannot confine student code gives no results at all: that is not the student's fault, so it is no
    zero either.
    """
    settings = json.loads((root / "source" / SETTINGS).read_text(encoding="utf-8"))
    try:
        report = run(root, settings)
    except CannotConfine as error:
        print(f"not graded: {error}")
        return 1
    target = root / "results" / "results.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0


def run(root: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the results of the submission below `root`; raise CannotConfine where it may not be run."""
    with Warm(trusted=settings["trusted"]) as warm:
        print("student code is confined by:", ", ".join(warm.layers))
        assignment = _assignment(root, settings)
        try:
            data, choice = _notebook(root / "submission", assignment)
        except Refused as refusal:
            return results([], notes=[str(refusal)])
        graded = grade(assignment, data, warm, Limits(**settings["limits"]))
    return _report(assignment, graded, choice)


def _assignment(root: Path, settings: dict[str, Any]) -> Assignment:
    source = (root / "source" / ASSIGNMENT).read_bytes()
    return parse_assignment(settings["name"], source, Stubs(**settings["stubs"]))


def _notebook(submission: Path, assignment: Assignment) -> tuple[bytes, list[str]]:
    """Return the notebook that counts, and what is to be said of the choice.

    That is the one of the right name, or a copy of it, or the only one; of several the one that was worked on. Raises
    Refused where there is none, or more than one.
    """
    entries = [entry for entry in archive.in_folder(submission) if not is_junk(entry.path)]
    notebooks = [entry for entry in entries if notebook_name(entry.name)]
    name = assignment.name
    own = [entry for entry in notebooks if split_copy(notebook_name(entry.name), (name,))[0] == name]
    read = [(entry, entry.read()) for entry in own or notebooks]
    released = frozenset((c.cell_type, c.released.strip()) for c in assignment.cells if c.released.strip())
    worked = [(entry, data) for entry, data in read if not is_untouched(data, released)]
    chosen = worked or read[:1]
    if len({data for _, data in chosen}) == 1:
        beside = [shown(entry.path) for entry, data in read if data != chosen[0][1]]
        text = f"{shown(chosen[0][0].path)} was graded; as they were given out: {', '.join(beside)}."
        return chosen[0][1], [text] if beside else []
    found = ", ".join(shown(entry.path) for entry in entries[:10]) or "nothing"
    raise Refused(f"Hand in {name}.ipynb, once. Found: {found}.")


def _report(assignment: Assignment, graded: Graded, choice: list[str]) -> dict[str, Any]:
    """Return the results; a written answer is a person's to grade there, even one that was left empty."""
    if graded.reason:
        return results([], notes=[*choice, graded.reason])
    points = {
        score.id: None if assignment.by_id[score.id].manual else score.points for score in graded.feedback
    }
    items = [asdict(item) for item in graded.feedback]
    tests = [
        Tested(name_of(item), points.get(item["id"]), item["max_points"], describe(item)) for item in items
    ]
    return results(tests, notes=[*choice, *graded.notes]) | {
        "extra_data": {"engine": graded.engine, "assignment": graded.digest, "layers": list(graded.layers)}
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
