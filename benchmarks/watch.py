"""Time `autograder watch`: how long a student waits for feedback when 50 hand in within a minute.

    python benchmarks/watch.py
    python benchmarks/watch.py --hand-ins 50 --seconds 60 --jobs 2

Solutions of 02-sigmoid, right ones and wrong ones in turn, are put where students' notebooks are, at even intervals.
The delay is from the moment a file is complete until its feedback page is there.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.demo_class.students import build  # noqa: E402
from tests.support import courses  # noqa: E402

NAME = "02-sigmoid"
PATTERNS = ("ada-reference", "ben-loops", "quinn-half", "sven-sum", "bea-blank")
MEDIAN, WORST = 0.5, 2.0  # seconds: the goals


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hand-ins", type=int, default=50, help="how many (default: 50)")
    parser.add_argument("--seconds", type=float, default=60.0, help="in how long a time (default: 60)")
    parser.add_argument("--jobs", type=int, default=2, help="grading processes (default: 2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        delays = measure(Path(folder), options.hand_ins, options.seconds, options.jobs)
    print(
        f"{len(delays)} hand-ins in {options.seconds:g} s: median {median(delays):.2f} s, worst {max(delays):.2f} s"
    )
    met = median(delays) < MEDIAN and max(delays) < WORST
    print(f"goals of {MEDIAN:g} s and {WORST:g} s {'met' if met else 'missed'}")


def measure(folder: Path, number: int, seconds: float, jobs: int) -> list[float]:
    """Return the delay of each hand-in in seconds."""
    course = courses.copy_course(folder / "course")
    assert courses.autograder(course, "release", NAME).returncode == 0
    build(folder / "pattern")
    command = [sys.executable, "-u", "-m", "autograder.cli", "watch", NAME, "--jobs", str(jobs)]
    process = subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(5.0)  # the grading processes have started
        return _hand_in_and_wait(course, folder / "pattern", number, seconds / number)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _hand_in_and_wait(course: Path, pattern: Path, number: int, step: float) -> list[float]:
    given: dict[Path, float] = {}
    delays = []
    start = time.perf_counter()
    while len(delays) < number:
        now = time.perf_counter()
        place = len(given) + len(delays)
        if place < number and now >= start + place * step:
            source = pattern / PATTERNS[place % len(PATTERNS)] / NAME
            shutil.copytree(source, course / "class" / "submitted" / f"student-{place:03}" / NAME)
            given[course / "class" / "feedback" / f"student-{place:03}" / NAME / f"{NAME}.html"] = (
                time.perf_counter()
            )
        for page in [page for page in given if page.exists()]:
            delays.append(time.perf_counter() - given.pop(page))
        time.sleep(0.005)
    return delays


if __name__ == "__main__":
    main()
