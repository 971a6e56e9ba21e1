"""What Gradescope shows of a graded submission: its `results.json`.

After "Autograder Specifications", https://gradescope-autograders.readthedocs.io/en/latest/specs/ (output format). The
words are those of the feedback page, so they show nothing of a hidden test. What the grading itself prints is for the
instructor only (`stdout_visibility`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
