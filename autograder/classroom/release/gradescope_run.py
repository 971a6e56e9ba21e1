"""Grade the one submission in a Gradescope container; needs NumPy and the judge, and nothing of the classroom's.

After "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/ (file hierarchy): the
submission is in `submission/`, the unpacked autograder in `source/`, and `results/results.json` is to be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from autograder.classroom.collect import folder
from autograder.classroom.collect.entry import Entry, Refused, shown
from autograder.classroom.export.gradescope_results import Tested, describe, name_of, results
from autograder.judging.assignment import Assignment, Stubs, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from autograder.judging.outcome import CannotConfine

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
        try:
            data = _notebook(root / "submission", settings["name"]).read()
        except Refused as refusal:
            return results([], notes=[str(refusal)])
        assignment = _assignment(root, settings)
        graded = grade(assignment, data, warm, Limits(**settings["limits"]))
    return _report(assignment, graded)


def _assignment(root: Path, settings: dict[str, Any]) -> Assignment:
    source = (root / "source" / ASSIGNMENT).read_bytes()
    return parse_assignment(settings["name"], source, Stubs(**settings["stubs"]))


def _notebook(submission: Path, name: str) -> Entry:
    """Return the notebook that was handed in: the one of the right name, or the only one."""
    entries = [entry for entry in folder.entries(submission) if not entry.path.startswith("__MACOSX")]
    notebooks = [entry for entry in entries if entry.name.lower().endswith(".ipynb")]
    exact = [entry for entry in notebooks if entry.name == f"{name}.ipynb"]
    chosen = exact or notebooks
    if len(chosen) == 1:
        return chosen[0]
    found = ", ".join(shown(entry.path) for entry in entries[:10]) or "nothing"
    raise Refused(f"Hand in {name}.ipynb, once. Found: {found}.")


def _report(assignment: Assignment, graded: Graded) -> dict[str, Any]:
    """Return the results; a written answer is a person's to grade there, even one that was left empty."""
    if graded.reason:
        return results([], notes=[graded.reason])
    points = {
        score.id: None if assignment.by_id[score.id].manual else score.points for score in graded.scores
    }
    items = [item.as_json() for item in graded.feedback]
    tests = [
        Tested(name_of(item), points.get(item["id"]), item["max_points"], describe(item)) for item in items
    ]
    return results(tests, notes=graded.notes) | {
        "extra_data": {"engine": graded.engine, "assignment": graded.digest, "layers": list(graded.layers)}
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
