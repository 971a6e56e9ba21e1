"""The report's numbers and groups."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from autograder.classroom.gradebook.submissions import time_of
from autograder.classroom.report import figures, mistakes, similar
from autograder.classroom.report.classes import Arrival
from tests.classroom.reports import BOOK, DUE, item, made_up

CLASS = {
    f"s{n:02}": (4.0 if n % 3 else 0.0, 2.0 if n % 4 else 0.0, 4.0 if n % 2 else None) for n in range(24)
}


def test_the_discrimination_is_the_correlation_with_the_rest_of_the_points():
    values, shape, _ = figures.item_figures(made_up(CLASS))
    item_points = [given[0] for given in CLASS.values()]
    rest = [given[1] + (given[2] or 0) for given in CLASS.values()]
    assert values.discrimination == pytest.approx(np.corrcoef(item_points, rest)[0, 1], abs=1e-12)
    assert shape.discrimination is not None


def test_answers_that_nobody_has_graded_are_left_out_of_their_item():
    explain = figures.item_figures(made_up(CLASS))[2]
    assert (explain.given, explain.full, explain.pass_rate) == (12, 12, 1.0)
    assert explain.discrimination is None  # all the same


@pytest.mark.parametrize(
    "points",
    [
        np.tile([[4.0, 0.0]], (9, 1)),
        np.array([[4.0, 2.0 * (n % 2)] for n in range(30)]),
        np.array([[4.0 if n > 1 else 0.0, float(n)] for n in range(30)]),
        np.empty((0, 2)),
    ],
    ids=["too few submissions", "all the same", "two differ", "no submissions"],
)
def test_no_correlation_is_told_where_chance_would_decide_it(points):
    assert figures.discriminations(points)[0] is None


def test_an_item_that_the_better_half_loses_discriminates_below_zero():
    points = np.array([[0.0 if n > 15 else 4.0, float(n)] for n in range(30)])
    assert figures.discriminations(points)[0] < -0.5


def test_scores_fall_into_the_parts_that_the_labels_say():
    assert figures.histogram([0, 9.99, 10, 95, 100, 103], 100) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert figures.histogram([], 100) == [0] * 10
    assert sum(figures.histogram([1.0], 0)) == 1


def test_the_spread_of_one_score_and_of_none():
    assert figures.spread([7.0]).middle == 7.0
    assert figures.spread([]) is None


def test_points_that_a_person_set_count_before_the_judges():
    group = made_up(CLASS)
    record = group.records.by_student["s01"]
    marks = record.notebooks[BOOK].marks
    marks["f-values"] = type(marks["f-values"])(4.0, 1.0, 0.5, False)
    assert record.points == 1.5 + 2.0 + 4.0


# Mistakes.


def _graded(student, *items, answer="def f(z):\n    return -z"):
    graded = made_up({student: (0.0, 0.0, None)}).graded[student]
    graded.items = {(BOOK, one.name): one for one in items}
    graded.answers["f"] = answer
    return graded


def test_one_mistake_in_a_function_is_one_group_that_names_the_items_it_cost():
    wrong = {"problem": "the sign is wrong"}
    found = mistakes.find(
        [
            _graded(
                "a", item("f-values", False, "f is wrong", **wrong), item("f-shape", False, "f too", **wrong)
            ),
            _graded("b", item("f-values", False, "f is wrong", **wrong), item("f-shape", True)),
        ]
    )
    (mistake,) = found
    assert (mistake.function, mistake.how) == ("f", "the sign is wrong")
    assert mistake.items == [("The right numbers", 2), ("The shape of z", 1)]
    assert mistake.message == "f is wrong"


def test_mistakes_that_differ_only_in_numbers_are_one_and_the_commonest_comes_first():
    kinds = [
        ("the numbers are wrong in 1 of 3 places", "the number is wrong"),
        ("its shape is (3, 1): it is transposed", "its shape is (2, 4): it is transposed"),
        (
            "it is 3 times what is right, as many as there are rows",
            "it is 4 times what is right, as many as there are rows",
        ),
    ]
    for one, other in kinds:
        cases = [
            _graded("a", item("f-values", False, "x", problem=one)),
            _graded("b", item("f-values", False, "x", problem=other)),
        ]
        rare = _graded("c", item("f-values", False, "x", problem="it is zero everywhere"))
        found = mistakes.find([rare, *cases])
        assert [len(mistake.cases) for mistake in found] == [2, 1], one


def test_what_is_not_written_raises_or_runs_for_ever_is_told_apart():
    raised = {"raised": True, "returned": "ValueError: no", "problem": "it raises an exception"}
    assert mistakes.how(item("f-values", False, "It is not written yet.", **raised)) == mistakes.NOT_WRITTEN
    assert (
        mistakes.how(item("f-values", False, "Your code raised ValueError.", **raised))
        == "it raises ValueError"
    )
    assert mistakes.how(item("f-values", False, "It did not come to an end.")) == "It did not come to an end."
    hostile = {**raised, "returned": "<b>: no"}
    assert (
        mistakes.how(item("f-values", False, "Your code raised an exception.", **hostile))
        == "it raises an exception"
    )


def test_the_answer_shown_is_one_that_occurs_often_and_is_short():
    often = "def f(z):\n    return -z"
    answers = {
        "a": "def f(z):\n    return -1 * z",
        "b": often,
        "c": "def f(z):\n\n    return  -z",
        "d": f"{often}  # long",
    }
    wrong = item("f-values", False, "x", problem="the sign is wrong")
    (mistake,) = mistakes.find(
        [_graded(student, wrong, answer=answer) for student, answer in answers.items()]
    )
    assert mistake.typical.student == "b"


# Times.


def _at(*hours, due=DUE):
    return [Arrival(f"s{n}", DUE + timedelta(hours=hour), hour > 0, "graded") for n, hour in enumerate(hours)]


def test_the_time_line_counts_everybody_once_and_sets_the_late_ones_off():
    line = figures.build(_at(-30, -5, -4.9, -0.1, 0.5, 2), DUE)
    assert sum(slot.count for slot in line.slots) == 6
    assert sum(slot.late for slot in line.slots) == 2
    assert len(line.slots) <= figures.MOST_COLUMNS
    assert line.slots[0].start + line.due * line.step == DUE


@pytest.mark.parametrize("hours", [(0,), (0, 0), (-0.01, 0), (-24 * 365 * 20, 1), (-1000, -999)])
def test_any_span_of_times_makes_few_columns(hours):
    line = figures.build(_at(*hours), DUE)
    assert 1 <= len(line.slots) <= figures.MOST_COLUMNS
    assert sum(slot.count for slot in line.slots) == len(hours)


def test_a_due_date_years_away_does_not_squeeze_the_rest():
    line = figures.build(_at(-1, -2, -3), DUE + timedelta(days=4000))
    assert line.due is None
    assert line.step <= timedelta(hours=1)


def test_hand_ins_without_a_time_have_no_time_line():
    assert figures.build([Arrival("a", None, False, "graded")], DUE) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-02 10:00:00 UTC\n", datetime(2026, 3, 2, 10)),
        ("2026-03-02T12:00:00+02:00", datetime(2026, 3, 2, 10)),
        ("2026-03-02 10:00:00", datetime(2026, 3, 2, 10)),
        ("yesterday <script>", None),
        ("9" * 150, None),
        ("x" * 10_000, None),
        ("", None),
    ],
)
def test_a_students_timestamp_is_a_time_or_nothing(tmp_path, text, time):
    path = tmp_path / "timestamp.txt"
    path.write_text(text)
    assert time_of(path.parent) == time


def test_a_link_or_a_pipe_in_place_of_a_timestamp_is_not_read(tmp_path):
    import os

    (tmp_path / "real.txt").write_text("2026-03-02 10:00:00 UTC")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert time_of(tmp_path / "link.txt") is None
    assert time_of(tmp_path / "pipe.txt") is None


# Likeness.

GIVEN = "import numpy as np\n\n\ndef f(z):\n    # YOUR CODE HERE\n    raise NotImplementedError('not written yet')\n"
LOOP = """\
def f(z):
    out = np.zeros_like(z)
    for place, value in np.ndenumerate(z):
        if value > threshold(place):
            out[place] = value ** 2 - len(str(place)) * 3.5
        elif value < -threshold(place):
            out[place] = sum(digit for digit in range(7) if digit % 2)
    return out.reshape(z.shape)[..., None].squeeze(axis=-1)
"""
OTHERS = [
    "def f(z):\n    return np.where(z > 0, z, 0.01 * z)\n",
    "def f(z):\n    mask = z > 0\n    y = z.copy()\n    y[~mask] *= 0.01\n    return y\n",
    "def f(z):\n    return np.maximum(z, 0) + 0.01 * np.minimum(z, 0)\n",
]


def _pairs(sources):
    rough = {student: similar.rough_print(source) for student, source in sources.items()}
    return similar.pairs(sources, rough, GIVEN)


def test_an_answer_copied_with_other_names_is_listed():
    renamed = (
        LOOP.replace("place", "index").replace("value", "number").replace("out", "result")
        + "# all my own work\n"
    )
    (pair,) = _pairs({"a": LOOP, "b": renamed, **{f"s{n}": source for n, source in enumerate(OTHERS)}})
    assert (pair.one, pair.other) == ("a", "b")
    assert min(pair.likeness) > 0.9


def test_what_was_handed_out_or_what_everybody_writes_is_not_likeness():
    assert _pairs(dict.fromkeys("abc", GIVEN)) == []
    assert _pairs({f"s{n:02}": LOOP for n in range(30)}) == []
    assert _pairs({}) == []


def test_text_that_is_no_python_can_be_compared_too():
    assert _pairs({"a": "\x00\udcff def (((" * 50, "b": "", "c": "'''" * 99}) == []


def test_only_pairs_that_share_something_rare_are_compared(monkeypatch):
    compared = []

    def compare(sources, pair, left_out):
        compared.append(pair)
        return similar.Pair(*pair, (0.0, 0.0), 0)

    monkeypatch.setattr(similar, "_compare", compare)
    own = ["".join(f"y = y * {7919 * student + place}\n" for place in range(30)) for student in range(1, 40)]
    sources = {f"s{place:02}": LOOP + text for place, text in enumerate([own[0], *own])}
    assert _pairs(sources) == []
    assert compared == [("s00", "s01")]
