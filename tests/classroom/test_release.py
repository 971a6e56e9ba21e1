import tomllib

import nbformat
import pytest

from autograder.classroom import ways
from autograder.classroom.course import load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.release.leaks import find_leaks
from tests.support import courses
from tests.support.courses import TINY

SOLUTION_LINE = "return x + x * (x - x) + x"


def load_toml(course):
    return tomllib.loads((course / "autograder.toml").read_text())


def _edit(course, name, edit):
    """Change the source of one of the instructor's cells."""
    path = course / "solutions" / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == name)
    cell.source = edit(cell.source)
    nbformat.write(notebook, path)


@pytest.mark.quick
def test_a_release_has_the_visible_tests_but_no_solution_and_no_hidden_test(course, autograder):
    done = autograder(course, "release", TINY)
    assert (done.status, done.out) == (0, f"exercises/{TINY}: written\n")
    text = (course / "exercises" / TINY / f"{TINY}.ipynb").read_text()
    assert "YOUR CODE HERE" in text
    assert "assert double(2) == 4" in text
    assert SOLUTION_LINE not in text
    assert "-2469134" not in text


def test_a_second_release_changes_nothing(released, autograder):
    path = released / "exercises" / TINY / f"{TINY}.ipynb"
    before = path.stat().st_mtime_ns
    assert autograder(released, "release").out == f"exercises/{TINY}: unchanged\n"
    assert path.stat().st_mtime_ns == before


LEAKS = {
    "a mistyped marker": ("double-negative", lambda source: source.replace("HIDDEN TESTS", "HIDDEN TEST")),
    "a solution in the text": ("about", lambda source: f"{source} Hint: `{SOLUTION_LINE}`"),
    "a solution in a comment": ("double-values", lambda source: f"# {SOLUTION_LINE}\n{source}"),
    "a hidden test in the text": (
        "about",
        lambda source: source + "\n\n    assert double(-1234567) == -2469134, 'wrong'",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_stops_the_release_and_leaves_the_old_one(leak, released, autograder):
    before = courses.snapshot(released / "exercises"), courses.snapshot(released / "class")
    _edit(released, *LEAKS[leak])
    done = autograder(released, "release")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"{TINY} is not released: {TINY}.ipynb would show students" in done.err
    assert (courses.snapshot(released / "exercises"), courses.snapshot(released / "class")) == before


def test_what_a_lesson_shows_on_purpose_is_released_once_it_is_allowed(released, autograder):
    _edit(released, *LEAKS["a solution in the text"])
    refused = autograder(released, "release").err
    assert f"`autograder release {TINY} --allow '{SOLUTION_LINE}'`" in refused
    assert autograder(released, "release", TINY, "--allow", SOLUTION_LINE).status == 0
    assert SOLUTION_LINE in (released / "exercises" / TINY / f"{TINY}.ipynb").read_text()
    assert load_toml(released)["shown"] == {TINY: [SOLUTION_LINE]}
    assert autograder(released, "release").status == 0
    _edit(released, *LEAKS["a hidden test in the text"])
    assert autograder(released, "release").status == 2


def test_all_that_a_lesson_shows_is_allowed_at_once_and_no_marker(released, autograder):
    _edit(released, *LEAKS["a solution in the text"])
    done = autograder(released, "release", "--allow-all")
    assert (done.status, done.out) == (
        0,
        f"{TINY} shows: {SOLUTION_LINE}\nexercises/{TINY}: written\n",
    )
    _edit(released, *LEAKS["a mistyped marker"])
    done = autograder(released, "release", "--allow-all")
    assert done.status == 2
    assert "BEGIN HIDDEN TEST" in done.err


def test_allowing_lines_keeps_which_tests_are_shared_and_checking_keeps_the_lines(released):
    course = load_course(released)
    ways.write(course, TINY, {TINY: {"double-values": "a reason"}})
    ways.show(course, TINY, ['print("é")', "x = [1]", "x = [1]"])
    ways.write(course, "other", {"book": {"test": "why"}})
    assert ways.shown_lines(course, TINY) == ['print("é")', "x = [1]"]
    assert ways.shared_tests(course, TINY) == {TINY: {"double-values": "a reason"}}
    assert ways.shared_tests(course, "other") == {"book": {"test": "why"}}


@pytest.mark.parametrize(
    "text", ["shown = 3", "[shown]\nhw = 'x'", "[shown]\nhw = [3]", "shared = 3", "[shown"]
)
def test_a_list_of_shown_lines_that_is_none_is_told(released, text):
    (released / "autograder.toml").write_text(text)
    with pytest.raises(CourseError, match=r"autograder\.toml"):
        ways.shown_lines(load_course(released), TINY)


def test_a_file_beside_the_notebook_can_leak_too(released, autograder):
    (released / "solutions" / TINY / "answers.txt").write_text(f"double: {SOLUTION_LINE}")
    done = autograder(released, "release")
    assert done.status == 2
    assert "answers.txt would show students 'return x + x * (x - x) + x'" in done.err


def test_a_file_beside_the_notebook_is_released_with_it(course, autograder):
    (course / "solutions" / TINY / "data.csv").write_text("x,y\n1,2\n")
    assert autograder(course, "release").status == 0
    assert (course / "exercises" / TINY / "data.csv").read_text() == "x,y\n1,2\n"


def test_what_a_hidden_test_shares_with_a_visible_one_is_no_leak(course, autograder):
    shared = "places = [1.0, 2.0, 3.0, 4.0]\n"
    _edit(course, "double-values", lambda source: shared + source)
    _edit(course, "double-negative", lambda source: source.replace("TESTS\n", f"TESTS\n{shared}", 1))
    assert autograder(course, "release").status == 0


def test_a_leak_is_found_in_outputs_and_metadata_as_well(released):
    path = released / "exercises" / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["note"] = SOLUTION_LINE
    nbformat.write(notebook, path)
    leaks = find_leaks(released / "solutions" / TINY, released / "exercises" / TINY)
    assert [leak.text for leak in leaks] == [SOLUTION_LINE]


def test_missing_solutions_are_told(course, autograder):
    (course / "solutions" / TINY / f"{TINY}.ipynb").unlink()
    done = autograder(course, "release", TINY)
    assert (done.status, done.err) == (
        2,
        f"autograder: solutions/ has no assignment '{TINY}': it is empty.\n",
    )


def test_a_solution_that_cannot_be_read_leaves_the_old_release(released, autograder):
    (released / "solutions" / TINY / f"{TINY}.ipynb").write_text("{")
    before = courses.snapshot(released / "exercises")
    done = autograder(released, "release")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert courses.snapshot(released / "exercises") == before


def test_the_real_assignments_are_released_without_a_leak(tmp_path, autograder):
    course = courses.copy_course(tmp_path)
    done = autograder(course, "release")
    assert done.status == 0, done.err
