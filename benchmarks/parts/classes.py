"""Classes of any size for 02-sigmoid, everybody's answers drawn from the table of right and wrong ones."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.judging.assignment import Assignment, parse_assignment
from tests.support import answers, courses

NAME = "02-sigmoid"
AUTOGRADER = [sys.executable, "-m", "autograder.cli"]
_RIGHT = 0.8  # of all answers


def source_assignment() -> Assignment:
    """The assignment as the instructor wrote it."""
    return parse_assignment(NAME, (courses.ROOT / "solutions" / NAME / f"{NAME}.ipynb").read_bytes())


def draw(size: int) -> Iterator[dict[str, str]]:
    """Yield each student's code by function: the same class every time, a larger one with the same beginning."""
    choose = random.Random(2)
    # An endless loop costs its time limits, whoever grades: some seconds that say nothing of the grader.
    table = [answer for answer in answers.load(NAME) if "endless" not in answer.name]
    functions = answers.reference(NAME)
    pools = {
        function: [
            [reference, *(a.code for a in table if a.function == function and a.right)],
            [a.code for a in table if a.function == function and not a.right],
        ]
        for function, reference in functions.items()
    }
    for _ in range(size):
        yield {name: choose.choice(both[choose.random() > _RIGHT]) for name, both in pools.items()}


def notebooks_of(size: int) -> Iterator[str]:
    """Yield what each student hands in."""
    empty = answers.release_notebook(NAME)
    return (nbformat.writes(answers.fill(empty, code)) for code in draw(size))


def course(folder: Path, size: int, *, stock: bool = False) -> Path:
    """Make a course whose class has handed in and return its folder; nothing is released."""
    made = courses.copy_course(folder, stock=stock)
    for number, text in enumerate(notebooks_of(size)):
        place = made / "class" / "submitted" / f"s{number:05}" / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text(text, encoding="utf-8")
        (place / "timestamp.txt").write_text("2026-03-02 10:00:00 UTC\n")
    return made
