"""Causes that the calls show by themselves, and how a known mistake is told from another."""

import numpy as np

from autograder.judging.mistakes.differences import Difference, alike, compare
from autograder.judging.mistakes.observing import Seen, evident_causes, name_causes
from autograder.judging.mistakes.probes import Member, Probe
from autograder.judging.outcome import ErrorText, RemoteCall

IF = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"


def seen(result=None, *, right=1.0, error=None, difference=None, family="near") -> Seen:
    call = RemoteCall("f", (), {}, error=error) if error else RemoteCall("f", (), {}, result=result)
    wrong = difference or (Difference("raised", "it raises") if error else compare(result, right))
    return Seen(Probe((np.ones(2),), family=family, right=right), call, wrong)


def error(name: str, message: str) -> ErrorText:
    return ErrorText(name, message, "", origin="student")


def test_a_condition_on_a_whole_array_is_a_cause_without_a_catalogue():
    calls = [seen(error=error("ValueError", IF)), seen(error=error("ValueError", IF)), seen(0.0)]
    (named,) = evident_causes(calls, [0, 1, 2])
    assert "whole array at once" in named.cause
    assert named.explains == {0, 1}


def test_what_only_a_few_of_the_ordinary_calls_show_is_no_cause():
    calls = [seen(error=error("ValueError", IF)), seen(0.0), seen(0.5)]
    assert evident_causes(calls, [0, 1, 2]) == []


def test_an_exception_that_leaves_a_doubt_is_no_cause():
    calls = [seen(error=error("ValueError", "operands could not be broadcast together"))] * 2
    assert evident_causes(calls, [0, 1]) == []


def test_integers_for_floats_are_a_cause_of_their_own():
    calls = [seen(np.array([1, 0]), right=np.array([1.0, 0.0]))]
    assert [named.cause for named in evident_causes(calls, [0])] == [
        "The numbers are right, but they are integers, not floats."
    ]


def test_one_value_for_two_says_which_it_is():
    found = compare(np.array([2.0, 3.0]), (np.array([2.0, 3.0]), 4.0))
    assert found == Difference("parts", "it is not a tuple of 2 values: it is the first of them alone")


def test_no_number_is_alike_to_infinity():
    assert alike(np.inf, np.inf)
    assert not alike(34.5, np.inf)
    assert not alike(-np.inf, np.inf)


def test_of_two_mistakes_that_explain_as_much_the_one_that_is_wrong_nowhere_else_is_named():
    calls = [seen(3.0, right=1.0), seen(0.0, right=0.0, family="far")]
    plain = Member(
        "plain", (RemoteCall("f", (), {}, result=3.0), RemoteCall("f", (), {}, result=0.0)), frozenset({0})
    )
    more = Member(
        "more", (RemoteCall("f", (), {}, result=3.0), RemoteCall("f", (), {}, result=9.0)), frozenset({0, 1})
    )
    assert [named.cause for named in name_causes(calls, [more, plain])] == ["plain"]


def test_infinity_far_out_names_no_mistake_of_a_function_that_is_wrong_everywhere():
    calls = [seen(3.0, right=1.0), seen(np.inf, right=0.0, family="far")]
    far = Member(
        "far", (RemoteCall("f", (), {}, result=1.0), RemoteCall("f", (), {}, result=np.inf)), frozenset({1})
    )
    assert name_causes(calls, [far]) == []


def test_what_passing_tests_excuse_does_not_tell_mistakes_apart():
    kink = Seen(
        Probe((np.zeros(1),), family="zero", right=0.0), RemoteCall("f", (), {}, result=1.0), None, True
    )
    member = Member(
        "m", (RemoteCall("f", (), {}, result=3.0), RemoteCall("f", (), {}, result=0.0)), frozenset({0})
    )
    assert [named.cause for named in name_causes([seen(3.0), kink], [member])] == ["m"]
