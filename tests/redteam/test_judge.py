"""No hostile submission reaches an aim in the judge, and none of the unlucky ones is wronged.

An attack's aims: points for wrong code, a sight of a hidden test or an expected value, hidden inputs on
the page that the student sees, files or processes outside, a connection, script in the page, another
submission's points, the batch's end, and points lost by the questions that it is not in.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from autograder.judging.sandbox import LAYERS
from tests.redteam import course
from tests.redteam.catalogue import attacks, handed_in
from tests.redteam.edits import nbgrader_metadata
from tests.redteam.verdict import describe, hits, lost

pytestmark = pytest.mark.xdist_group("red team on the judge")

CLASSES = (
    *("patch the checker", "patch the runner", "forge the result", "lie by type", "read the tests"),
    *("send the inputs home", "recognise the grader", "memorise", "hold on", "speak the protocol", "starve"),
    *("crash", "reach out", "harm neighbours", "edit the notebook", "break the file", "attack the reader"),
    *("free hand", "unlucky, not hostile"),
)


def test_every_class_of_attack_has_several():
    assert Counter(attack.kind for attack in attacks()).keys() == set(CLASSES)
    assert min(Counter(attack.kind for attack in attacks()).values()) >= 3
    assert len(attacks()) >= 65


@pytest.mark.slow
@pytest.mark.parametrize("attack", attacks(), ids=str)
def test_attack_reaches_no_aim(attack, seen_by_judge):
    seen = seen_by_judge[attack.id]
    assert hits(attack, seen) == (), f"{describe(seen)} points; {seen.detail}"


@pytest.mark.slow
def test_every_submission_is_graded_in_time(seen_by_judge):
    slow = {name: seen.seconds for name, seen in seen_by_judge.items() if seen.seconds > 60}
    assert not slow


@pytest.mark.slow
@pytest.mark.parametrize("attack", [a for a in attacks() if a.kind.startswith("unlucky")], ids=str)
def test_unlucky_submission_loses_nothing(attack, seen_by_judge):
    assert lost(attack, seen_by_judge[attack.id]) == []


@pytest.mark.slow
def test_every_result_says_which_layers_were_on(seen_by_judge):
    graded = [seen for seen in seen_by_judge.values() if seen.layers]
    assert len(graded) > 100
    assert {seen.layers for seen in graded} == {tuple(LAYERS)}


def test_released_notebook_holds_no_canary():
    text = str(course.release())
    for canary in (course.LINE, course.EXPECTED, course.INPUT):
        assert canary in str(course.source())
        assert canary not in text


def test_no_attack_holds_what_it_is_to_find():
    for attack in attacks():
        assert not re.search(rf"{course.LINE}|{course.EXPECTED}|{course.INPUT}", attack.code)
        assert course.INPUT.encode() not in handed_in(attack)


def test_items_that_an_attack_may_not_earn_are_items_of_its_assignment():
    for attack in attacks():
        ids = {nbgrader_metadata(cell).get("grade_id") for cell in course.source(attack.assignment)["cells"]}
        assert set(attack.unearned) <= ids, attack.id
        assert attack.answers.keys() <= ids, attack.id
