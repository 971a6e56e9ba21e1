"""Inside the enclosure: `nbgrader autograde` over a class of hostile students and one honest one.

Usage: python -m tests.redteam.stock_run EXCHANGE; reads `plan.json`, writes `seen.json` there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.redteam import bait, broken_files, catalogue, course
from tests.redteam.enclosure import ROOT
from tests.support import modules
from tests.support.stock_scores import stock_scores

NEIGHBOUR = "zz-neighbour"
CLASSROOM = Path("/tmp/classroom")
CONFIG = """
c = get_config()
c.CourseDirectory.root = "{folder}"
c.Execute.timeout = 5
c.Execute.startup_timeout = 20
c.NbGrader.logfile = ""
"""


def prepare(folder: Path) -> None:
    """Make the course with stock nbgrader once: gradebook and source, to be copied for every run."""
    _make_course(folder)
    _nbgrader(folder, "generate_assignment", course.ASSIGNMENT, "--force", seconds=120)
    shutil.rmtree(folder / "release")


def _make_course(folder: Path) -> None:
    (folder / "source" / course.ASSIGNMENT).mkdir(parents=True)
    (folder / "source" / course.ASSIGNMENT / f"{course.ASSIGNMENT}.ipynb").write_bytes(course.source_bytes())
    _configure(folder)


def _configure(folder: Path, judge: bool = False) -> None:
    plugged_in = (ROOT / "nbgrader_config.py").read_text().partition("# The judge grades")[2] if judge else ""
    (folder / "nbgrader_config.py").write_text(CONFIG.format(folder=folder) + "# " + plugged_in)


def hand_in(student: str, name: str) -> None:
    """Put a student's file in the class's folder."""
    folder = CLASSROOM / "submitted" / student / course.ASSIGNMENT
    folder.mkdir(parents=True)
    path = folder / f"{course.ASSIGNMENT}.ipynb"
    if name == NEIGHBOUR:
        path.write_bytes(catalogue.honest())
        return
    attack = catalogue.attack(name)
    if attack.place:
        broken_files.PLACES[attack.place](path)
    else:
        path.write_bytes(catalogue.handed_in(attack))


def grade(names: list[str], seconds: float, feedback: bool) -> dict[str, Any]:
    """Grade these attacks and the neighbour in one nbgrader process, and say what was seen."""
    services = bait.lay_out()
    for name in [*names, NEIGHBOUR]:
        hand_in(name, name)
    start = time.monotonic()
    code, log = _nbgrader(CLASSROOM, "autograde", course.ASSIGNMENT, seconds=seconds)
    if feedback:
        _nbgrader(CLASSROOM, "generate_feedback", course.ASSIGNMENT, seconds=seconds)
    time.sleep(0.4)  # what was left behind acts now
    return {
        "code": code,
        "seconds": time.monotonic() - start,
        "log": log[-4000:],
        "scores": _scores(),
        "printed": {name: _printed(name) for name in [*names, NEIGHBOUR]},
        "pages": {name: _page(name) if feedback else _everything(name) for name in names},
        "written": bait.written(),
        "visits": services.visits,
    }


def _nbgrader(folder: Path, *arguments: str, seconds: float) -> tuple[int | None, str]:
    log = folder / "nbgrader.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            modules.command("nbgrader", *arguments),
            cwd=folder,
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = None
    return code, log.read_text(errors="replace")


def _scores() -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for student, cell, score, _ in stock_scores(CLASSROOM / "gradebook.db"):
        found.setdefault(student, {})[cell] = score
    return found


def _outputs(student: str) -> list[dict[str, Any]] | None:
    """Return the outputs of a student's graded notebook, None where nothing was graded."""
    path = CLASSROOM / "autograded" / student / course.ASSIGNMENT / f"{course.ASSIGNMENT}.ipynb"
    if not path.is_file():
        return None
    return [output for cell in json.loads(path.read_text())["cells"] for output in cell.get("outputs", [])]


def _printed(student: str) -> str:
    """Return what the student's code printed and displayed; empty where nothing was graded."""
    outputs = _outputs(student)
    if outputs is None:
        return ""
    return json.dumps([output for output in outputs if output["output_type"] != "error"], ensure_ascii=False)


def _everything(student: str) -> str:
    """Return all outputs, as stock feedback pages show them, but for the tests' source in the tracebacks."""
    outputs = [{k: v for k, v in output.items() if k != "traceback"} for output in _outputs(student) or []]
    return json.dumps(outputs, ensure_ascii=False)


def _page(student: str) -> str:
    path = CLASSROOM / "feedback" / student / course.ASSIGNMENT / f"{course.ASSIGNMENT}.html"
    return path.read_text(errors="replace") if path.is_file() else ""


def main(exchange: Path) -> None:
    """Do what the plan says and write down what was seen."""
    plan = json.loads((exchange / "plan.json").read_text())
    shutil.copytree(exchange / "course", CLASSROOM)
    _configure(CLASSROOM, plan["judge"])
    seen = grade(plan["attacks"], plan["seconds"], plan["feedback"])
    (exchange / "seen.json").write_text(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
