from __future__ import annotations

import warnings

import pytest

from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell
from autograder.judging.session import judge_submission

from .conftest import cells


def failed(judge, test, student="def f(z):\n    return 3", setup="pass"):
    return judge(("setup", setup), student, ("test", test))[-1]


def test_a_message_is_the_constant_text_of_the_failed_assertion(judge):
    assert failed(judge, "assert f(1) == 1, 'f(1) must be 1'").messages == ("f(1) must be 1",)


def test_the_message_may_stand_in_a_call_over_several_lines(judge):
    test = "np.testing.assert_allclose(\n    f(1),\n    1,\n    err_msg='f(1) must be 1',\n)"
    assert failed(judge, test).messages == ("f(1) must be 1",)


def test_the_message_may_be_given_to_an_instructors_helper(judge):
    setup = "def check(a, b, message):\n    assert a == b, message"
    assert failed(judge, "for z in (3, 4):\n    check(f(z), z, 'f is not f')", setup=setup).messages == (
        "f is not f",
    )


def test_only_the_assertion_that_failed_speaks(judge):
    assert failed(judge, "assert f(1) == 3, 'first'\nassert f(1) == 4, 'second one'").messages == (
        "second one",
    )


def test_a_computed_message_is_never_shown(judge):
    assert failed(judge, "z = 7\nassert f(z) == 1, f'f({z}) is wrong'").messages == ()
    assert failed(judge, "raise AssertionError('a constant')").messages == ("a constant",)


def test_an_exception_of_the_students_code_says_so(judge):
    outcome = failed(judge, "f(41)", "def f(z):\n    raise RuntimeError(f'got {z}')")
    assert (outcome.error.origin, outcome.error.name, outcome.messages) == ("student", "RuntimeError", ())
    assert 'File "<student-2>", line 2, in f' in outcome.error.traceback


def test_an_own_exception_class_is_not_named_in_public(judge):
    outcome = failed(judge, "f(41)", "def f(z):\n    raise type(f'got_{z}', (Exception,), {})()")
    assert outcome.error.name == "got_41"
    assert "41" not in outcome.error.public_name


def test_printed_text_is_the_students_and_never_the_tests(judge):
    outcome = judge("def f():\n    print('10/10')\n    return 1", ("test", "f()\nprint('mine')"))[-1]
    assert (outcome.stdout, outcome.test_output, outcome.passed) == ("10/10\n", "mine\n", True)


def test_a_warning_lowers_nothing(judge):
    student, outcome = judge(
        "np.exp(1000.0)\ndef f():\n    return np.exp(1000.0)", ("test", "assert f() == np.inf")
    )
    assert student.passed
    assert "RuntimeWarning: overflow" in student.stderr
    assert outcome.passed
    assert "RuntimeWarning: overflow" in outcome.stderr


def test_hidden_inputs_never_reach_what_a_later_cell_shows(judge):
    outcomes = judge(
        "seen = []\ndef f(z):\n    seen.append(z)\n    open('seen', 'a').write(str(z))\n    return z",
        ("test", "f(12345)"),
        "print(seen)\nimport os\nprint(os.listdir('.'))\nseen",
    )
    assert outcomes[2].stdout == "[]\n[]\n"
    assert outcomes[2].displays == ("[]",)


def test_the_same_submission_gives_the_same_outcomes_every_time(warm):
    notebook = cells(
        "import random\nprint(object(), np.random.rand(), random.random(), hash('a'), {'b', 'a', 'c'})\n"
        "def f(z):\n    return np.random.normal()",
        "object()",
        ("test", "print(f(1), f(2), np.random.rand())"),
        ("test", "assert f(0) is None, f(0)"),
        ("test", "raise ValueError(object())"),
    )
    first = judge_submission(warm, notebook)
    assert all(judge_submission(warm, notebook) == first for _ in range(5))
    assert "0x..." in first[1].stdout


def test_lone_surrogates_become_printable(judge):
    outcome = judge("print('\\udc80')\nraise ValueError('\\udc81')")[0]
    (outcome.stdout + outcome.error.message + outcome.error.traceback).encode()


def test_output_is_cut_off(judge):
    outcome = judge("for _ in range(10**5):\n    print('x' * 100)")[0]
    assert outcome.passed
    assert len(outcome.stdout) < 70_000
    assert outcome.stdout.endswith("cut off]\n")


def test_a_test_that_never_ends_is_stopped(warm):
    notebook = cells("def f():\n    return 1", ("test", "while f():\n    pass"), ("test", "assert f() == 1"))
    outcomes = judge_submission(warm, notebook, Limits(test=0.5))
    assert [outcome.passed for outcome in outcomes[2:]] == [False, True]
    assert outcomes[2].error.name == "TimeLimit"


def test_a_test_that_eats_memory_fails_alone(judge):
    outcomes = judge(
        "def f():\n    return np.zeros(1000)",
        ("test", "np.ones((1 << 20, 1 << 12)) * f()[0]"),
        ("test", "f()"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, True]
    assert "MemoryError" in outcomes[1].error.name


def test_the_judges_own_state_is_the_same_before_every_test(judge):
    outcomes = judge(
        (
            "test",
            (
                "import warnings\nnp.seterr(all='raise')\nwarnings.simplefilter('error')\n"
                "rolled = np.random.rand()"
            ),
        ),
        ("test", "np.exp(np.array([1000.0]))\nassert np.random.rand() == rolled"),
    )
    assert all(outcome.passed for outcome in outcomes)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warnings.warn("still heard", UserWarning, stacklevel=1)
    assert len(seen) == 1


def test_a_broken_instructors_cell_is_an_outcome_too(warm):
    notebook = [
        Cell("setup", "setup", "1 / 0"),
        Cell("test", "t", "def (:"),
        Cell("test", "u", "assert True"),
    ]
    outcomes = judge_submission(warm, notebook)
    assert [outcome.passed for outcome in outcomes] == [False, False, True]


def test_every_outcome_records_the_layers(warm, judge):
    assert {outcome.layers for outcome in judge("1", ("test", "1"))} == {warm.layers}
    assert "seccomp" in warm.layers


def test_no_cells_no_outcomes(warm):
    assert judge_submission(warm, []) == ()


def test_a_value_that_cannot_be_fetched_fails_the_test_that_wants_it(judge):
    outcomes = judge(
        "big = np.broadcast_to(0.0, (10**5, 10**5))\nnested = []\nnested.append(nested)\ndef f():\n    return 1",
        ("test", "assert big[0, 0] == 0"),
        ("test", "assert len(nested) == 1"),
        ("test", "assert f() == 1"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, False, True]


def test_a_name_that_a_later_cell_deletes_is_gone(judge):
    gone = ("test", "assert 'f' not in globals()\ntry:\n    f()\nexcept NameError:\n    pass")
    outcomes = judge("def f():\n    return 1", ("test", "assert f() == 1"), "del f", gone)
    assert all(outcome.passed for outcome in outcomes)


def test_a_later_definition_takes_the_place_of_an_earlier_one(judge):
    outcomes = judge(
        "def f():\n    return 1",
        ("test", "import inspect\nassert f() == 1 and 'return 1' in inspect.getsource(f)"),
        "def f():\n    return 2",
        ("test", "assert f() == 2 and 'return 2' in inspect.getsource(f)"),
        "f = 3",
        ("test", "assert f == 3"),
    )
    assert all(outcome.passed for outcome in outcomes)


MONSTROUS = [
    "-" * 9000 + "1",
    "if 1:\n pass\n" + "elif 1:\n pass\n" * 9000,
    "x" + "[0]" * 60_000,
    "%m\n" * 50_000,
]


@pytest.mark.parametrize("monster", MONSTROUS, ids=lambda monster: monster[:2])
def test_source_that_no_person_wrote_does_not_trouble_the_judge(judge, monster):
    outcomes = judge(monster, "def f():\n    return 1", ("test", "assert f() == 1"), limits=Limits(cell=5))
    assert outcomes[-1].passed
