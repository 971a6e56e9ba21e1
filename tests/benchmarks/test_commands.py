"""Every benchmark still measures what it says, down to the smallest size."""

import json
import re
import runpy
import subprocess
import sys

import pytest

from tests.support.courses import ROOT

pytestmark = pytest.mark.slow

SCRIPTS = sorted(path.name for path in (ROOT / "benchmarks").glob("*.py"))


def _run(script, *arguments, missed=False):
    """Run a benchmark and return what it printed; with `missed` it may miss its target."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "benchmarks" / script), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode <= missed, done.stderr
    return done.stdout


def _milliseconds(printed, grader):
    return float(re.search(rf"^{re.escape(grader)} +([\d.]+) ms", printed, re.MULTILINE)[1])


def test_a_class_is_compared_with_the_floor_and_with_stock_nbgrader_that_does_grade(tmp_path):
    sizes = ("--compared", "1", "--sizes", "2", "--stock", "1", "--jobs", "1")
    printed = _run("class.py", *sizes, "--out", str(tmp_path / "figures.json"))
    assert _milliseconds(printed, "floor") < _milliseconds(printed, "autograder")
    assert _milliseconds(printed, "nbgrader") > 300  # to start a kernel alone takes as long
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert [size["size"] for size in figures["sizes"]] == [2]
    assert "times the floor's processor time" in printed


def test_the_parts_of_a_submission_add_up_to_it():
    printed = _run("where_time_goes.py", "--size", "3")
    times = {
        name: sum(map(float, found))
        for name, *found in re.findall(r"^(\S.*?) {2,}([\d.-]+) +([\d.-]+)", printed, re.M)
    }
    parts = ("reading and restoring", "examination", "what is said of mistakes", "writing")
    assert 0.8 * times["a submission"] < sum(times[part] for part in parts) < times["a submission"]
    assert min(times["the floor"], times["an idle worker"]) > 0


def test_one_submission_is_compared_with_stock_nbgrader(tmp_path):
    rounds = ("--rounds", "2", "--stock-rounds", "1", "--out", str(tmp_path / "figures.json"))
    _run("one_submission.py", *rounds, missed=True)  # two rounds on a busy machine say little
    for figures in json.loads((tmp_path / "figures.json").read_text())["milliseconds"].values():
        assert figures["floor"] < figures["judge"] < figures["nbgrader"]


def test_shared_tests_are_compared_with_stock_nbgrader(tmp_path):
    _run(
        "shared_items.py",
        "--items",
        "2",
        "--rounds",
        "1",
        "--out",
        str(tmp_path / "figures.json"),
        missed=True,
    )
    figures = json.loads((tmp_path / "figures.json").read_text())["milliseconds"]
    assert figures.keys() == {"functions", "figures"}
    assert all(0 < figure["judge"] < figure["nbgrader"] for figure in figures.values())


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_benchmark_explains_itself_and_is_in_the_list(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(str(ROOT / "benchmarks" / script), run_name="__main__")
    assert script in capsys.readouterr().out
    assert f"python benchmarks/{script}" in (ROOT / "benchmarks" / "README.md").read_text()
