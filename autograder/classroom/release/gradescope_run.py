"""Grade the one submission in a Gradescope container; needs NumPy and the judge, and nothing of the classroom's.

After "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/ (file hierarchy): the
submission is in `submission/`, the unpacked autograder in `source/`, and `results/results.json` is to be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from autograder.classroom.collect import archive
from autograder.classroom.collect.archive import Refused, shown
from autograder.classroom.collect.ledger import is_untouched
from autograder.classroom.collect.names import is_junk, notebook_name, split_copy
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
    entries = [entry for entry in archive.in_folder(submission) if not is_junk(entry)]
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
        score.id: None if assignment.by_id[score.id].manual else score.points for score in graded.scores
    }
    items = [item.as_json() for item in graded.feedback]
    tests = [
        Tested(name_of(item), points.get(item["id"]), item["max_points"], describe(item)) for item in items
    ]
    return results(tests, notes=[*choice, *graded.notes]) | {
        "extra_data": {"engine": graded.engine, "assignment": graded.digest, "layers": list(graded.layers)}
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
