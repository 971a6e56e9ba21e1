"""The data on which students' networks are scored: no line separates them, and a right network does, from any start."""

import numpy as np
import pytest

from tests.support import answers

ASKED = 0.9  # the score that train-held-back asks for
SEEDS = range(40)


@pytest.fixture(scope="module")
def course():
    """The names of the assignment's notebook with the instructor's solutions."""
    notebook = answers.source_notebook("07-network")
    names: dict = {}
    for cell in notebook.cells:
        if answers.grade_id(cell) == "setup":
            exec(cell.source, names)
    for code in answers.reference("07-network").values():
        exec(code, names)
    return names


def _board():
    """Points in the four quarters of the plane, of the same label in opposite ones: the data of the hidden test."""
    rng = np.random.default_rng(20)
    points = rng.uniform(0.2, 1.5, (300, 2)) * np.where(rng.random((300, 2)) < 0.5, -1, 1)
    labels = (points[:, 0] * points[:, 1] > 0).astype(int)
    return points[:100], labels[:100], points[100:], labels[100:]


def _ring(course):
    return *course["ring"](100, 1), *course["ring"](200, 2)


@pytest.fixture(params=["ring", "board"])
def task(request, course):
    """Training rows and labels, held-back rows and labels, and the activation that the test trains with."""
    return (*_ring(course), "tanh") if request.param == "ring" else (*_board(), "swish")


def best_line(points, labels):
    """The share of labels that the best of all straight lines gets right (in steps of a quarter of a degree)."""
    best = 0.0
    for angle in np.linspace(0, 2 * np.pi, 1440, endpoint=False):
        along = labels[np.argsort(points @ [np.cos(angle), np.sin(angle)])]
        right = along.sum() - np.cumsum(along) + np.cumsum(1 - along)
        best = max(best, right.max() / len(labels), along.mean())
    return best


def test_no_line_comes_near_the_score_that_is_asked_for(task):
    assert best_line(task[2], task[3]) < ASKED - 0.1


def test_a_right_network_passes_from_every_start(course, task):
    points, labels, held, answers_held, activation = task
    scores = []
    for seed in SEEDS:
        start = course["start"](2, 12, seed)
        params, losses = course["train"](start, points, labels, activation, 2.0, 100)
        scores.append(np.mean((course["forward"](params, held, activation)[2] >= 0) == answers_held))
        assert losses[-1] < losses[0] / 2
    assert min(scores) > ASKED + 0.05


def test_a_network_without_a_bend_fails_from_every_start(course, task):
    points, labels, held, answers_held, _ = task
    for seed in SEEDS:
        start = course["start"](2, 12, seed)
        params, _ = course["train"](start, points, labels, "identity", 0.5, 100)
        score = np.mean((course["forward"](params, held, "identity")[2] >= 0) == answers_held)
        assert score < ASKED - 0.1
