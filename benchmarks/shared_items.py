"""Time a submission with 20 tests that run together with the student's code: the judge beside stock nbgrader.

    python benchmarks/shared_items.py
    python benchmarks/shared_items.py --items 5 --rounds 3 --out shared_items.json

They run in a confined process apart from the one that strict tests call. Two notebooks: one takes functions away and
needs NumPy alone, one looks at a figure and needs pandas and matplotlib, if they are installed. What a notebook imports
is imported once for all submissions, as for a class. Stock nbgrader is its own Autograde converter in this process,
imported before the clock starts; it starts a kernel for each submission and runs all tests in it. Both grade in turn.
Exits with 1 when the judge is not 15 times as fast.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
from nbformat.v4 import new_code_cell, new_notebook  # noqa: E402

from autograder.classroom.beside import imported  # noqa: E402
from autograder.judging.assignment import parse_assignment  # noqa: E402
from autograder.judging.forkserver import Warm  # noqa: E402
from autograder.judging.grading import grade  # noqa: E402
from benchmarks.parts.measuring import machine  # noqa: E402
from benchmarks.parts.stock import autograder  # noqa: E402

TARGET = 15.0
NAME = "shared"
KINDS = {
    "functions": (
        "import numpy as np\n\n\ndef squares(n):\n    return [i * i for i in range(n)]\n\n\n"
        "def total(n):\n    return np.sum(squares(n))",
        "kept = squares\ndel squares\ntry:\n    total({0})\nexcept NameError:\n    pass\nelse:\n"
        "    raise AssertionError('total does not use squares')\nfinally:\n    squares = kept\nassert total({0}) >= 0",
    ),
    "figures": (
        "import matplotlib.pyplot as plt\nimport pandas as pd\n\ntable = pd.DataFrame({'a': range(40)})\n"
        "fig, ax = plt.subplots()\nax.plot(table['a'], table['a'] ** 2)\nax.set_title('squares')",
        "line = ax.get_lines()[0]\nassert line.get_ydata()[{0}] == {0} ** 2 and ax.get_title() == 'squares'",
    ),
}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=20, help="shared tests of a submission (default: 20)")
    parser.add_argument("--rounds", type=int, default=5, help="submissions that each grades (default: 5)")
    parser.add_argument("--out", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(machine())
    kinds = [kind for kind in KINDS if kind != "figures" or (find_spec("pandas") and find_spec("matplotlib"))]
    figures = {kind: measure(kind, options.items, options.rounds) for kind in kinds}
    if options.out:
        options.out.write_text(json.dumps({"machine": machine(), "milliseconds": figures}, indent=1) + "\n")
    if any(figure["nbgrader"] < TARGET * figure["judge"] for figure in figures.values()):
        sys.exit(1)


def measure(kind: str, items: int, rounds: int) -> dict[str, float]:
    """Both graders on one notebook, in turn, reported; milliseconds a submission."""
    source = notebook(*KINDS[kind], items)
    assignment = parse_assignment(NAME, source, shared=[f"test-{number}" for number in range(items)])
    with tempfile.TemporaryDirectory() as folder, Warm(packages=("*", *sorted(imported(source)))) as warm:
        autograde = nbgrader(Path(folder) / "course", source, rounds)
        score = grade(assignment, source, warm).score
        assert score == items, f"{kind}: the judge gives {score} of {items} points"
        both: dict[str, list[float]] = {"judge": [], "nbgrader": []}
        for number in range(rounds):
            both["judge"].append(milliseconds(lambda: grade(assignment, source, warm)))
            both["nbgrader"].append(milliseconds(lambda n=number: autograde(n)))
    figures = {grader: statistics.median(times) for grader, times in both.items()}
    ratio = figures["nbgrader"] / figures["judge"]
    print(f"{kind:9} judge     {figures['judge']:8.1f} ms")
    print(
        f"{kind:9} nbgrader  {figures['nbgrader']:8.1f} ms   {ratio:8.1f} times the judge, target {TARGET:g}"
    )
    return figures


def notebook(answer: str, test: str, items: int) -> bytes:
    """The instructor's notebook: one answer, and so many tests."""
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    own = marks | {"grade_id": "answer", "solution": True}
    cells = [new_code_cell(answer, metadata={"nbgrader": own})]
    for number in range(items):
        about = marks | {"grade_id": f"test-{number}", "grade": True, "locked": True, "points": 1}
        cells.append(new_code_cell(test.format(number), metadata={"nbgrader": about}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})).encode()


def nbgrader(course: Path, source: bytes, rounds: int) -> Callable[[int], None]:
    """Make a course with so many submissions; return what grades one with stock nbgrader."""
    places = [course / "source" / NAME, *(course / "submitted" / f"s{n}" / NAME for n in range(rounds))]
    for place in places:
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_bytes(source)
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(course)!r}\n"
    )
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", NAME]
    paths = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by its name
    )
    subprocess.run(command, cwd=course, check=True, capture_output=True, env=os.environ | {"PATH": paths})
    return autograder(course, NAME)


def milliseconds(work: Callable[[], object]) -> float:
    """What a piece of work takes."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
