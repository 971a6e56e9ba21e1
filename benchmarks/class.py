"""Grade classes for 02-sigmoid of growing size, and beside them the same answers with other graders.

    python benchmarks/class.py
    python benchmarks/class.py --sizes 100 1000 10000            # the largest takes minutes and 2 GB of disk
    python benchmarks/class.py --otter otter-env/bin/otter       # beside `otter run` as well
    python benchmarks/class.py --out class.json

Everything counts: starting the command, reading, judging with every layer of confinement that this machine has,
writing notebooks and gradebook. Stock nbgrader is its own Autograde converter with its own preprocessors, in one
process and in as many as there are cores, each with students of its own, imported before the clock starts. The
floor is the bare cost of running the same cells and tests in one warm process, unprotected. Memory is that of
all processes at one time, what they share counted once. A busy machine spoils wall clocks; processor times last.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.judging.assignment import Assignment  # noqa: E402
from benchmarks import one_submission  # noqa: E402
from benchmarks.parts.classes import AUTOGRADER, NAME, course, source_assignment  # noqa: E402
from benchmarks.parts.floor import floor_of_class  # noqa: E402
from benchmarks.parts.measuring import Cost, cost, machine  # noqa: E402

FASTER, WITHIN, GROWTH, MEMORY = 40, 20, 1.2, 1.5  # the targets; memory in GB

STOCK = """
import resource, sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from autograder.classroom import converters, course
import nbgrader.converters
here = course.load_course(Path())
def spent():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
print("ready", flush=True)
sys.stdin.readline()
began = spent()
for student in sys.argv[2:]:
    converters.run(here, "Autograde", sys.argv[1], student)
print(spent() - began)
"""

FORMGRADER = """
import sys, time
from pathlib import Path
from autograder.classroom.course import load_course
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
config = load_course(Path()).config
api = NbGraderAPI(CourseDirectory(config=config), config=config)
began = time.perf_counter()
api.get_submissions(sys.argv[1])
print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Seconds:
    """What one submission takes: wall clock, and processor time of all cores together where it is known."""

    wall: float
    processor: float = 0.0

    def beside(self, other: Seconds) -> str:
        """A line with both, and the ratios to another grader's."""
        text = (
            f"{self.wall * 1000:9.1f} ms a submission, {self.wall / other.wall:7.2f} times the autograder's"
        )
        if not self.processor:
            return text
        ratio = self.processor / other.processor
        return f"{text}; processor {self.processor * 1000:8.1f} ms, {ratio:7.2f} times"


Figures = dict[str, Seconds]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 400], metavar="N", help="class sizes")
    parser.add_argument(
        "--compared", type=int, default=200, metavar="N", help="size of the class that is compared"
    )
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="grading processes")
    parser.add_argument(
        "--stock", type=int, default=4, metavar="N", help="submissions for stock nbgrader, a core"
    )
    parser.add_argument("--otter", type=Path, help="the otter command of an environment with otter-grader")
    parser.add_argument(
        "--after", action="store_true", help="time export, report and the formgrader's list as well"
    )
    parser.add_argument("--out", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        compared = compare(Path(folder), options)
        sizes = [scale(Path(folder), size, options) for size in sorted(options.sizes)]
    verdicts(compared, sizes)
    if options.out:
        found = {grader: asdict(seconds) for grader, seconds in compared.items()}
        figures = {"machine": machine(), "compared": found, "sizes": sizes}
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


def compare(folder: Path, options: argparse.Namespace) -> Figures:
    """Seconds a submission by grader; a whole class for this one, of which the others get the beginning."""
    assignment = source_assignment()
    size = options.compared
    ours = graded(course(folder / "compared", size), options.jobs)
    figures = {"autograder": Seconds(ours.wall / size, ours.processor / size)}
    figures["floor"] = Seconds(*floor_of_class(assignment, size))
    if options.stock:
        figures["nbgrader"] = stock(folder / "serial", options.stock, 1)
    if options.stock and options.jobs > 1:
        figures[f"nbgrader x{options.jobs}"] = stock(folder / "parallel", options.stock, options.jobs)
    if options.otter:
        figures["otter"] = otter(options.otter, assignment, folder / "otter")
    for grader, seconds in figures.items():
        print(f"{grader:14}", seconds.beside(figures["autograder"]))
    return figures


def graded(made: Path, jobs: int) -> Cost:
    """What `autograder grade` takes for a whole class."""
    run([*AUTOGRADER, "release", NAME], made)
    taken = cost([*AUTOGRADER, "grade", NAME, "--jobs", str(jobs)], made)
    if taken.status:
        sys.exit((made / "benchmark.log").read_text())
    return taken


def stock(folder: Path, each: int, jobs: int) -> Seconds:
    """Stock nbgrader in some processes at once, each with as many submissions."""
    made = course(folder, each * jobs, stock=True)
    run([sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"], made)
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.DEVNULL,
    }
    processes = []
    for job in range(jobs):
        students = [f"s{number:05}" for number in range(job, each * jobs, jobs)]
        command = [sys.executable, "-c", STOCK, NAME, *students]
        processes.append(subprocess.Popen(command, cwd=made, text=True, **pipes))
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in processes:
        process.stdin.close()
    spent = sum(float(process.stdout.read()) for process in processes)
    if any(process.wait() for process in processes):
        sys.exit("stock nbgrader did not grade what it was given")
    return Seconds((time.perf_counter() - began) / (each * jobs), spent / (each * jobs))


def otter(command: Path, assignment: Assignment, folder: Path) -> Seconds:
    """`otter run` without a container on one submission of the class."""
    made = course(folder / "course", 1)
    data = (made / "class" / "submitted" / "s00000" / NAME / f"{NAME}.ipynb").read_bytes()
    return Seconds(one_submission.otter(command, assignment, folder / "otter", data, 2) / 1000)


def scale(folder: Path, size: int, options: argparse.Namespace) -> dict[str, float]:
    """What a class of a size takes, and what comes after grading."""
    made = course(folder / f"class-{size}", size)
    taken = graded(made, options.jobs)
    again = cost([*AUTOGRADER, "grade", NAME, "--jobs", str(options.jobs)], made)
    figures = {
        "size": size,
        "milliseconds": 1000 * taken.wall / size,
        "processor milliseconds": 1000 * taken.processor / size,
        "memory MB": taken.memory / 1e6,
        "gradebook MB": (made / "class" / "gradebook.db").stat().st_size / 1e6,
        "nothing new s": again.wall,
        "export s": cost([*AUTOGRADER, "export", "grades.csv"], made).wall,
    }
    if options.after:
        figures["report s"] = cost([*AUTOGRADER, "report", NAME], made).wall
        figures["formgrader list s"] = float(
            run([sys.executable, "-W", "ignore", "-c", FORMGRADER, NAME], made)
        )
    print(*(f"{name} {value:.4g}" for name, value in figures.items()), sep=", ")
    return figures


def verdicts(compared: Figures, sizes: list[dict[str, float]]) -> None:
    """Which targets are met: rates by wall clock, the rest by processor time, which a busy machine spoils least."""
    ours = compared["autograder"]
    if "nbgrader" in compared:
        rate = compared["nbgrader"].wall / ours.wall
        say("times stock nbgrader's submissions per second", rate, FASTER, most=False)
    say("times the floor's processor time", ours.processor / compared["floor"].processor, WITHIN)
    first, last = sizes[0], sizes[-1]
    growth = last["processor milliseconds"] / first["processor milliseconds"]
    say(f"times as long a submission at {last['size']} as at {first['size']}", growth, GROWTH)
    say(f"GB for {last['size']}", last["memory MB"] / 1000, MEMORY)


def say(what: str, found: float, target: float, most: bool = True) -> None:
    """One line for a target."""
    met = found <= target if most else found >= target
    print(
        f"{found:8.2f} {what}: target {'at most' if most else 'at least'} {target:g} {'met' if met else 'missed'}"
    )


def run(command: list[str], made: Path) -> str:
    """Run a command that has to succeed and return what it prints."""
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
