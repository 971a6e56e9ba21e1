"""Time what comes after grading for a large class: feedback pages, the same again, the report.

    python benchmarks/feedback.py
    python benchmarks/feedback.py --students 200 --stock 10

Three submissions of 02-sigmoid are graded, one right, one half written, one with mistakes; the class hands in
copies of them. Each figure is one command as the instructor runs it, start of Python and all. Beside it, the time
that nbgrader's own converter takes for some of the same pages, which comes out the same to the byte.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.classroom import converters  # noqa: E402
from autograder.classroom.course import load_course  # noqa: E402
from tests.support import courses, large_class, small_class  # noqa: E402

NAME = "02-sigmoid"
PATTERNS = ("ada-reference", "bea-blank", "quinn-half")
TARGET = 120.0  # seconds for the pages of a thousand students


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=1000, help="size of the class (default: 1000)")
    parser.add_argument("--stock", type=int, default=5, help="pages by nbgrader's converter (default: 5)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        course = small_class.build(Path(folder) / "course")
        students = large_class.multiply(course, NAME, PATTERNS, options.students)
        pages = timed(course, "feedback", NAME)
        print(f"feedback for {len(students)} students  {pages:7.1f} s")
        print(f"feedback, nothing changed     {timed(course, 'feedback', NAME):7.1f} s")
        print(f"report                        {timed(course, 'report', NAME):7.1f} s")
        if options.stock:
            print(
                f"nbgrader's own converter      {stock(course, students[: options.stock]):7.1f} s per 1000 pages"
            )
    goal = TARGET * options.students / 1000
    print(f"target of {goal:g} s for the pages {'met' if pages <= goal else 'missed'}")


def timed(course: Path, *command: str) -> float:
    """Seconds that a command takes."""
    start = time.perf_counter()
    done = courses.autograder(course, *command)
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start


def stock(course: Path, students: list[str]) -> float:
    """Seconds that nbgrader's `GenerateFeedback` would take for a thousand pages, its import not counted."""
    here = load_course(course)
    converters.start_log(here.log_folder, verbose=False)
    elsewhere = {"feedback_directory": str(course / "class" / "stock-feedback")}
    converters.run(here, "GenerateFeedback", NAME, PATTERNS[0], CourseDirectory=elsewhere)
    start = time.perf_counter()
    for student in students:
        converters.run(here, "GenerateFeedback", NAME, student, CourseDirectory=elsewhere)
    return (time.perf_counter() - start) / len(students) * 1000


if __name__ == "__main__":
    main()
