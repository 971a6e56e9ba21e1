"""nbgrader's exchange, as a JupyterHub has it: exercises out, notebooks in, feedback out."""

from __future__ import annotations

import pytest

from tests.support import courses
from tests.support.courses import TINY, nbgrader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("nbgrader commands")]


def test_a_hand_in_goes_through_the_exchange_and_its_feedback_comes_back(released, autograder, tmp_path):
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    student = tmp_path / "home"
    student.mkdir()

    def run(place, *arguments):
        done = nbgrader(place, *arguments, f"--Exchange.root={exchange}")
        assert done.returncode == 0, done.stderr

    of_course = "--course=from-lines-to-softmax"
    run(released, "release_assignment", TINY)
    run(student, "fetch_assignment", TINY, of_course)
    notebook = student / TINY / f"{TINY}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace('raise NotImplementedError(\\"not written yet\\")', "return 2 * x"))
    run(student, "submit", TINY, of_course)
    run(released, "collect", TINY)
    assert "mean 3.0 points" in autograder(released, "grade", TINY, "--jobs", "1").out
    assert autograder(released, "feedback", TINY).status == 0
    run(released, "release_feedback", TINY)
    run(student, "fetch_feedback", TINY, of_course)
    [page] = student.rglob("*.html")
    assert "Feedback for" in page.read_text(encoding="utf-8")
    assert courses.TINY in page.name
