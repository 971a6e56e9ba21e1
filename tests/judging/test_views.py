"""What a function returns of its arguments is theirs in the judge too, as in a notebook."""

from __future__ import annotations

import numpy as np
import pytest

CASES = {
    "the argument": ("return z", "w = f(z)\nassert w is z"),
    "all of it": ("return z[:]", "w = f(z)\nassert w is not z\nw[0] = 9\nassert z[0, 0] == 9"),
    "a row": ("return z[1]", "w = f(z)\nw[:] = 7\nassert z[1].tolist() == [7] * 4 and z[0, 0] == 0"),
    "a column": ("return z[:, 2]", "w = f(z)\nz[:, 2] = 5\nassert w.tolist() == [5] * 3"),
    "a part, backwards": ("return z[::-1, ::2]", "w = f(z)\nw[0, 1] = 8\nassert z[2, 2] == 8"),
    "transposed": ("return z.T", "w = f(z)\nw[3, 0] = 6\nassert z[0, 3] == 6 and w.shape == (4, 3)"),
    "another shape": ("return z.reshape(-1)", "w = f(z)\nw[5] = 4\nassert z[1, 1] == 4"),
    "one entry": ("return z[1:2, 1:2]", "w = f(z)\nz[1, 1] = 3\nassert w == 3"),
    "a new axis": ("return z[None]", "w = f(z)\nassert np.shares_memory(w, z) and w.shape == (1, 3, 4)"),
    "a read-only view": (
        "w = z.view()\n    w.flags.writeable = False\n    return w",
        "w = f(z)\nassert np.shares_memory(w, z) and not w.flags.writeable",
    ),
    "in a tuple and a dict": (
        "return {'a': (z[0], [z.T])}",
        "w = f(z)\nassert np.shares_memory(w['a'][0], z) and np.shares_memory(w['a'][1][0], z)",
    ),
    "changed and viewed": ("z += 1\n    return z[0]", "w = f(z)\nassert w[3] == 4\nz[0] = 0\nassert not w.any()"),
    "a copy": ("return z.copy()", "w = f(z)\nassert not np.shares_memory(w, z)"),
    "a computed one": ("return z + 0", "w = f(z)\nassert not np.shares_memory(w, z)"),
    "picked by a list": ("return z[[0, 1]]", "w = f(z)\nassert not np.shares_memory(w, z)"),
    "of Fortran's order": ("return z[1]", "z = np.asfortranarray(z)\nw = f(z)\nw[2] = 7\nassert z[1, 2] == 7"),
    "of a dict's array": (
        "return z['w'][:1]",
        "d = {'w': z}\nw = f(d)\nw[0, 0] = 5\nassert z[0, 0] == 5",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "test"), CASES.values(), ids=CASES)
def test_view_of_an_argument_is_one_in_judge_and_notebook(judge, body, test):
    student = f"def f(z):\n    {body}"
    test = f"z = np.arange(12.0).reshape(3, 4)\n{test}"
    outcome = judge(student, ("test", test))[-1]
    assert outcome.passed, outcome.error
    names = {"np": np}
    exec(student, names)
    exec(test, names)


@pytest.mark.parametrize("large", [10, 100_000])
def test_arguments_that_overlap_overlap_for_the_student(judge, large):
    student = "def f(a, b):\n    a[0] = 5\n    return b[0], np.shares_memory(a, b)"
    test = f"z = np.zeros({large})\nassert f(z, z[:3]) == (5, True)\nassert z[0] == 5"
    assert judge(student, ("test", test))[-1].passed


def test_view_of_an_argument_with_gaps_has_its_values(judge):
    test = "z = np.arange(12.0)[::3]\nw = f(z)\nassert w.tolist() == [3, 6] and z.tolist() == [0, 3, 6, 9]"
    assert judge("def f(z):\n    return z[1:3]", ("test", test))[-1].passed


def test_network_that_is_not_trained_shares_its_weights_as_in_a_notebook(judge):
    student = "def train(params, steps):\n    return {k: v[:] for k, v in params.items()}"
    test = (
        "params = {'W': np.ones((2, 3)), 'b': np.zeros(3)}\nnew = train(params, 0)\nnew['W'] += 1\n"
        "assert params['W'][0, 0] == 1, 'the old weights changed with the new'"
    )
    assert judge(student, ("test", test))[-1].messages == ("the old weights changed with the new",)
