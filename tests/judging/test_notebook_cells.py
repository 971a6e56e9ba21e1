"""What students write in notebooks runs as they expect, or at least does no harm."""

from __future__ import annotations

import pytest

from autograder.judging.cell_code import without_magics

HARMLESS = {
    "line magics": "%matplotlib inline\n%load_ext autoreload\nx = 1",
    "shell commands": "!pip install numpy\nfiles = !ls\nx = 1",
    "magics in a block": "if True:\n    %pwd\n    x = 1",
    "a timed statement": "%time x = 1",
    "a timed cell": "%%time\nx = 1",
    "help": "x = 1\nprint?\n?len\nlen??",
    "plots": (
        "import matplotlib.pyplot as plt\nfrom mpl_toolkits.mplot3d import Axes3D\n"
        "fig, ax = plt.subplots(figsize=(3, 2))\nfig, (left, right) = plt.subplots(1, 2)\n"
        "line, = ax.plot([1, 2])\n"
        "n, bins, patches = plt.hist([1])\nfor a, c in zip(plt.subplots(2, 2)[1].flat, 'rgbk'):\n"
        "    a.plot([1], c=c)\n"
        "plt.rcParams['figure.dpi'] = 100\nplt.style.use('x')\nwith plt.xkcd():\n"
        "    plt.title('t')\nax.set_xlim(*ax.get_xlim()) if 0 else None\n"
        "plt.show()\nx = 1"
    ),
    "widgets": (
        "from ipywidgets import interact, FloatSlider\nimport ipywidgets as widgets\n"
        "@interact(a=(0, 1))\ndef f(a=1):\n    return a\n"
        "@widgets.interact\ndef g(a=2):\n    return a\ninteract(f, a=FloatSlider(min=0, max=1))\nx = f(1)"
    ),
    "display": (
        "from IPython.display import display, HTML, clear_output\ndisplay(HTML('<b>'), 3)\n"
        "clear_output()\nx = 1"
    ),
    "the shell object": (
        "get_ipython().run_line_magic('matplotlib', 'inline')\nfrom IPython import get_ipython\nx = 1"
    ),
    "input": "answer = input('name? ')\nx = 1",
    "exit": "exit()\nquit()\nx = 1",
    "windows line ends": "x = 1\r\nif x:\r\n    x = 1\r\n",
    "tabs": "if True:\n\tx = 1",
    "names that are not ASCII": "größe = 1\nx = größe",
    "a magic at the end without a newline": "x = 1\n%matplotlib",
    "a main guard": "if __name__ == '__main__':\n    x = 1",
    "classes that look for their module": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\nx = A(1).x"
    ),
    "files of one's own": "np.savetxt('a.txt', np.ones(2))\nx = int(np.loadtxt('a.txt')[0])",
    "an expression with a semicolon": "x = 1\nx;",
    "comments only at the end": "x = 1\n# done",
    "a deprecated escape": "s = '\\d'\nx = 1",
}


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_harmless_in_the_judge(judge, source):
    outcomes = judge(source, ("test", "assert x == 1"))
    assert outcomes[0].passed, outcomes[0].error
    assert outcomes[1].passed, outcomes[1].error


@pytest.mark.parametrize(
    "source",
    [
        "text = '''\n%not a magic\n!nor this\n'''",
        "a = 7\nb = (a\n% 3)",
        "a != b",
        "f'{x!r}'",
        "# %matplotlib\n# !ls",
        "x = 5 %3",
    ],
)
def test_python_that_looks_like_a_magic_is_left_alone(source):
    assert without_magics(source) == source


def test_a_magic_beside_a_text_that_looks_like_one():
    source = "%matplotlib inline\ntext = '''\n%kept\n'''"
    assert without_magics(source) == "pass\ntext = '''\n%kept\n'''"


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%writefile x.py", "%%latex"])
def test_a_cell_in_another_language_does_nothing(judge, magic):
    outcome = judge(f"{magic}\nrm -rf / $HOME")[0]
    assert outcome.passed
    assert outcome.stdout == ""


def test_line_numbers_stay(judge):
    outcome = judge("%matplotlib inline\n!ls\n1 / 0")[0]
    assert 'File "<student-1>", line 3' in outcome.error.traceback
    assert "1 / 0" in outcome.error.traceback


def test_the_last_expression_is_shown(judge):
    assert judge("1\nnp.float64(2)")[0].displays == ("np.float64(2.0)",)
    assert judge("None")[0].displays == ()
    assert judge("3;")[0].displays == ()


def test_a_repr_that_fails_is_shown_as_such(judge):
    outcome = judge("class A:\n    def __repr__(self):\n        raise ValueError\nA()")[0]
    assert outcome.passed
    assert outcome.displays == ("<ValueError while making text>",)


def test_a_syntax_error_is_the_cells_own(judge):
    outcomes = judge("def f(:\n", "def g():\n    return 1", ("test", "assert g() == 1"))
    assert [outcome.passed for outcome in outcomes] == [False, True, True]
    assert outcomes[0].error.name == "SyntaxError"
    assert "def f(:" in outcomes[0].error.traceback


def test_what_ran_before_an_error_stays(judge):
    outcomes = judge("x = 1\nprint('a')\n1 / 0\nx = 2", ("test", "assert x == 1"))
    assert (outcomes[0].stdout, outcomes[1].passed) == ("a\n", True)


def test_a_helper_defined_after_its_use_works_like_in_a_notebook(judge):
    outcomes = judge(
        "def f(z):\n    return g(z)",
        ("test", "f(1)"),
        "def g(z):\n    return z",
        ("test", "assert f(1) == 1"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, True, True]


def test_packages_other_than_numpy_are_not_there(judge):
    outcome = judge("import scipy")[0]
    assert outcome.error.name == "ModuleNotFoundError"


def test_value_behind_an_import_on_the_same_line_is_shown(judge):
    assert judge("import math; math.floor(2.5)")[0].displays == ("2",)
