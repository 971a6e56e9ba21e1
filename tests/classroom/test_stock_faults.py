"""Known faults of stock nbgrader grading, each shown.

These are the reasons for a grader of our own: what is listed here, the judge puts right. All run under stock
preprocessors, whatever the course has configured, and none is a fault of the assignments.
"""

import nbformat
import pytest

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.support import courses
from tests.support.courses import TINY, hand_in, nbgrader

pytestmark = pytest.mark.xdist_group("stock faults")

RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return 0"


def _change(path, edit):
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)


def _cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def _delete(name):
    return lambda notebook: notebook.cells.remove(_cell(notebook, name))


def _paste_twice(name):
    return lambda notebook: notebook.cells.append(
        nbformat.from_dict({**_cell(notebook, name), "id": "pasted"})
    )


# What each student hands in: code for the solution cell, and what else was done to the file.
HAND_INS = {
    "warns": ("import warnings\n\n\ndef double(x):\n    warnings.warn('large')\n    return 2 * x", None),
    "notes": (
        "import sys\n\n\ndef double(x):\n    print('doubling', file=sys.stderr)\n    return 2 * x",
        None,
    ),
    "deletes": (RIGHT, _delete("double-values")),
    "displays": (
        "from IPython.core.interactiveshell import InteractiveShell\n\n"
        "def double(x):\n    shell = get_ipython()\n    shell.displayhook(0.5)\n    return 2 * x",
        None,
    ),
    "patches": (
        "import builtins\n\n\nclass Anything:\n    __eq__ = lambda self, other: True\n\n\n"
        "def double(x):\n    return Anything()",
        None,
    ),
    "runs-nothing": (
        "def _nothing(*args, **kwargs):\n    pass\n\n\n"
        "get_ipython().ast_node_interactivity = 'none'\n"
        "get_ipython().ast_transformers.append(type('T', (), {'visit': lambda self, tree: __import__('ast')"
        ".fix_missing_locations(__import__('ast').Module(body=[], type_ignores=[]))})())",
        None,
    ),
    "reads": (
        "def double(x):\n    import inspect\n    frame = inspect.currentframe().f_back\n"
        "    print(frame.f_globals['In'][-1])\n    return 2 * x",
        None,
    ),
    "wrong": (WRONG, None),
    "loops": ("def double(x):\n    while True:\n        pass", None),
    "crashes": ("def double(x):\n    import os\n    os._exit(1)", None),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of unlucky and dishonest students, graded and given feedback by stock nbgrader."""
    course = courses.tiny_course(tmp_path_factory.mktemp("stock") / "course", stock=True)
    _run(course, "generate_assignment", TINY)
    for student, (code, edit) in HAND_INS.items():
        path = hand_in(course, student, code)
        if edit:
            _change(path, edit)
    assert nbgrader(course, "autograde", TINY, "--Execute.timeout=3").returncode == 1  # for the crash
    _run(course, "generate_feedback", TINY)
    return course


def _run(course, *arguments):
    done = nbgrader(course, *arguments)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def points(course):
    """The points of each student, of the 3 that are graded automatically."""
    return {student: score.points for student, score in records.scores(load_course(course), TINY).items()}


def _feedback(course, student):
    return (course / "class" / "feedback" / student / TINY / f"{TINY}.html").read_text()


def test_a_warning_takes_the_points_of_a_right_answer(points):
    assert points["warns"] == 0


def test_a_note_on_stderr_takes_the_points_of_a_right_answer(points):
    assert points["notes"] == 0


def test_a_deleted_test_cell_is_never_graded(points):
    assert points["deletes"] == 1


def test_a_number_that_the_student_displays_becomes_the_score(points):
    assert points["displays"] == 1


def test_an_object_that_equals_everything_gets_full_marks(points):
    assert points["patches"] == 3


def test_code_that_stops_cells_from_running_gets_full_marks(points):
    assert points["runs-nothing"] == 3


def test_student_code_reads_the_hidden_tests_and_its_output_hands_them_over(course):
    assert "-2469134" in _feedback(course, "reads")


def test_feedback_shows_the_source_of_hidden_tests(course):
    assert "2469134" in _feedback(course, "wrong")


def test_a_test_cell_pasted_twice_stops_the_whole_batch(course, tmp_path):
    ours = courses.copy_tree(course, tmp_path / "course")
    _change(hand_in(ours, "copies", RIGHT), _paste_twice("double-values"))
    hand_in(ours, "zoe", RIGHT)
    done = nbgrader(ours, "autograde", TINY)
    assert done.returncode == 1
    assert not (ours / "class" / "autograded" / "zoe").exists()


def test_an_endless_loop_costs_the_time_limit_in_every_test_that_calls_it(course):
    path = course / "class" / "autograded" / "loops" / TINY / f"{TINY}.ipynb"
    assert path.read_text().count('"ename": "CellTimeoutError"') == 2


def test_a_crash_of_the_kernel_leaves_the_submission_ungraded(course, points):
    assert not (course / "class" / "autograded" / "crashes" / TINY).exists()
    assert "crashes" not in points
