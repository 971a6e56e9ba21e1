"""Time one submission of 02-sigmoid from its bytes to the graded notebook: the judge beside stock graders.

    python benchmarks/one_submission.py
    python benchmarks/one_submission.py --otter otter-env/bin/otter     # beside `otter run` as well
    python benchmarks/one_submission.py --out one_submission.json

All grade the same notebooks: one with reference answers, one with frequent mistakes. The judge runs with
every layer of confinement that this machine has. The floor executes the same cells and tests in this very
process, the instructor's compiled beforehand, with nothing around them. Stock nbgrader is its own Autograde
converter in this process, imported before the clock starts; `otter run` is its command without a container, in
an environment that has otter-grader, ipykernel and NumPy.

Judge and floor are measured in wall time and in processor time, workers included: other work on the machine
disturbs that less. Exits with 1 when the judge misses its target.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402

from autograder.judging.assignment import Assignment  # noqa: E402
from autograder.judging.forkserver import Warm  # noqa: E402
from autograder.judging.grading import grade  # noqa: E402
from benchmarks.parts.classes import NAME, source_assignment  # noqa: E402
from benchmarks.parts.floor import compiled_cells, execute  # noqa: E402
from benchmarks.parts.measuring import machine  # noqa: E402
from benchmarks.parts.stock import autograder  # noqa: E402
from tests.support import answers, courses  # noqa: E402

TARGET = 60.0
MISTAKES = {
    "sigmoid": "def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))",
    "log_loss": "def log_loss(z, y):\n    p = sigmoid(z)\n    return -np.sum(np.log(np.where(y, p, 1 - p)))",
}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rounds", type=int, default=50, help="submissions that the judge grades (default: 50)"
    )
    parser.add_argument(
        "--stock-rounds",
        type=int,
        default=3,
        help="submissions for the others (default: 3; 0: leave them out)",
    )
    parser.add_argument("--otter", type=Path, help="the otter command of an environment with otter-grader")
    parser.add_argument("--out", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    assignment = source_assignment()
    submissions = {"right": submission(assignment), "wrong": submission(assignment, **MISTAKES)}
    with tempfile.TemporaryDirectory() as folder:
        print(machine())
        figures = {
            kind: measure(assignment, data, kind, Path(folder), options) for kind, data in submissions.items()
        }
    if not options.otter:
        print("otter run: not measured (give its command with --otter)")
    if options.out:
        options.out.write_text(json.dumps({"machine": machine(), "milliseconds": figures}, indent=1) + "\n")
    if any(figure["judge processor"] > TARGET for figure in figures.values()):
        sys.exit(1)


def measure(
    assignment: Assignment, data: bytes, kind: str, folder: Path, options: argparse.Namespace
) -> dict[str, float]:
    """Every grader on one notebook, reported as it goes; milliseconds a submission."""
    figures = {}
    figures["judge"], figures["judge processor"] = judge(assignment, data, options.rounds)
    figures["floor"], figures["floor processor"] = floor(assignment, data, options.rounds)
    if options.stock_rounds:
        figures["nbgrader"] = nbgrader(folder / f"nbgrader-{kind}", data, options.stock_rounds)
    if options.otter:
        place = folder / f"otter-{kind}"
        figures["otter"] = otter(options.otter, assignment, place, data, options.stock_rounds or 1)
    report(kind, figures)
    return figures


def submission(assignment: Assignment, **code: str) -> bytes:
    """The notebook of a student who answers as the reference does, but for some functions."""
    notebook = answers.source_notebook(NAME)
    for cell, source in zip(notebook.cells, assignment.cells, strict=True):
        cell.source = source.released
    return nbformat.writes(answers.fill(notebook, {**answers.reference(NAME), **code})).encode()


def times(work: Callable[[int], object], rounds: int) -> float:
    """The median of some rounds, in milliseconds."""
    found = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found)


def judge(assignment: Assignment, data: bytes, rounds: int) -> tuple[float, float]:
    """The judge, from bytes to bytes, on one core: the median wall time, and processor time a submission.

    Processor time counts judge and workers; other work on the machine disturbs it less.
    """
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try:
        wall, spent = _judge(assignment, data, rounds)
        _, once = _judge(assignment, data, 0)
        return wall, (spent - once) / rounds
    finally:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def _judge(assignment: Assignment, data: bytes, rounds: int) -> tuple[float, float]:
    began = processor_time()
    with Warm() as warm:
        grade(assignment, data, warm)
        wall = times(lambda _: grade(assignment, data, warm), rounds) if rounds else 0.0
    return wall, processor_time() - began


def floor(assignment: Assignment, data: bytes, rounds: int) -> tuple[float, float]:
    """The cells and tests executed in this process, without isolation: median wall time, and processor time."""
    compiled = compiled_cells(assignment)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try:
        execute(compiled, data)
        began = processor_time()
        wall = times(lambda _: execute(compiled, data), rounds)
        return wall, (processor_time() - began) / rounds
    finally:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def processor_time() -> float:
    """Milliseconds that this process and its ended children have computed."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(usage.ru_utime + usage.ru_stime for usage in usages)


def nbgrader(folder: Path, data: bytes, rounds: int) -> float:
    """Stock nbgrader, its own preprocessors and a kernel for each submission."""
    course = courses.copy_course(folder, stock=True)
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"],
        cwd=course,
        check=True,
        capture_output=True,
    )
    for number in range(rounds):
        path = course / "class" / "submitted" / f"s{number}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    return times(autograder(course, NAME), rounds)


OTTER_TEST = """\
from otter.test_files import test_case
OK_FORMAT = False
name = {name!r}
points = None
@test_case(points={points})
def check(env):
    exec({source!r}, env)
"""


def otter(command: Path, assignment: Assignment, folder: Path, data: bytes, rounds: int) -> float:
    """`otter run` without a container, on the same tests."""
    (folder / "tests").mkdir(parents=True)
    for cell in assignment.graded:
        if cell.role == "test":
            text = OTTER_TEST.format(name=cell.id, points=cell.points, source=cell.source)
            (folder / "tests" / f"{cell.id}.py").write_text(text)
    (folder / f"{NAME}.ipynb").write_bytes(data)
    run = [str(command.absolute())]
    subprocess.run(
        [*run, "generate", "-t", "tests", "--no-environment"], cwd=folder, check=True, capture_output=True
    )
    (archive,) = folder.glob("*.zip")
    grading = [*run, "run", "-a", archive.name, f"{NAME}.ipynb"]
    return times(lambda _: subprocess.run(grading, cwd=folder, check=True, capture_output=True), rounds)


def report(kind: str, figures: dict[str, float]) -> None:
    """One line for each grader, and whether the target is met."""
    for grader in ("judge", "floor"):
        wall, spent = figures[grader], figures[f"{grader} processor"]
        print(f"{kind:6} {grader:9} {wall:8.1f} ms   {spent:8.1f} ms of processor time")
    ratio = figures["judge processor"] / figures["floor processor"]
    print(f"{kind:6} judge     {ratio:8.1f} times the floor, by processor time")
    for grader in ("nbgrader", "otter"):
        if grader in figures:
            ratio = figures[grader] / figures["judge"]
            print(f"{kind:6} {grader:9} {figures[grader]:8.1f} ms   {ratio:8.1f} times the judge")
    print(f"{kind:6} target of {TARGET:g} ms {verdict(figures)}")


def verdict(figures: dict[str, float]) -> str:
    """Whether the judge meets its target."""
    if figures["judge"] <= TARGET:
        return "met"
    met = figures["judge processor"] <= TARGET
    return "met in processor time; the machine was busy" if met else "missed"


if __name__ == "__main__":
    main()
