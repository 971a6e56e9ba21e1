"""Folders of any making: the level at which students differ, and the file of each that counts."""

from __future__ import annotations

import pytest

from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


@pytest.mark.parametrize(
    "pattern",
    [
        "{}/exercises/00-double/00-double.ipynb",  # the bundle's own layout
        "{}/homework/00-double.ipynb",
        "00-double-submissions/00-double-{}/00-double.ipynb",  # GitHub Classroom's assistant
        "{}/00-double-main/00-double.ipynb",  # a branch downloaded from GitHub
        "{}/Submission attachment(s)/00-double.ipynb",
        "export/class/{}/work/deep/00-double.ipynb",
        "{}/00-double/00-double.ipynb",
    ],
)
@pytest.mark.parametrize("students", [["ada"], ["ada", "ben", "cleo"]])
def test_students_are_found_whatever_lies_between(pattern, students, collect, arrived, notebook):
    if "deep" in pattern and len(students) == 1:
        return
    done = collect({pattern.format(student): notebook(student) for student in students})
    assert (done.status, done.err) == (0, "")
    assert arrived() == {student: student for student in students}


def test_a_whole_bundle_gives_the_notebook_of_the_assignment_alone(released, collect, arrived, notebook):
    (released / "solutions" / "01-other").mkdir()
    (released / "solutions" / "01-other" / "01-other.ipynb").write_text("{}")
    names = ("00-double", "01-other")
    done = collect({f"{s}/exercises/{n}/{n}.ipynb": notebook(s) for s in ("ada", "ben") for n in names})
    assert (done.err, arrived()) == ("", {"ada": "ada", "ben": "ben"})


def test_every_students_own_folder_name_is_no_student(collect, arrived, notebook):
    collect({f"ada/attempt 1/{FILE}": notebook("a"), f"ben/attempt 1/{FILE}": notebook("b")})
    assert arrived() == {"ada": "a", "ben": "b"}


SECTIONS = {"monday/ada": "a", "monday/ben": "b", "tuesday/cleo": "c"}


def test_where_two_levels_could_be_the_students_nothing_is_taken(collect, arrived, notebook):
    done = collect({f"{path}/{FILE}": notebook(text) for path, text in SECTIONS.items()})
    assert (done.status, arrived()) == (2, {})
    assert "it is not clear which folder is the student's ('monday' or 'ada'): nothing was taken" in done.err


def test_the_class_list_tells_which_level_is_the_students(collect, arrived, notebook, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("username\nada\nben\ncleo\n")
    collect({f"{path}/{FILE}": notebook(text) for path, text in SECTIONS.items()}, "--roster", str(path))
    assert arrived() == {"ada": "a", "ben": "b", "cleo": "c"}


def test_a_folder_of_several_peoples_work_is_no_student(collect, arrived, notebook):
    done = collect(
        {f"ada/{FILE}": notebook("a"), f"b/ben/{FILE}": notebook("b"), f"b/cleo/{FILE}": notebook("c")}
    )
    assert arrived() == {"ada": "a"}
    assert f"b: has {FILE} in several folders, b/ben and b/cleo" in done.err


def test_a_beginning_that_all_clones_share_is_no_part_of_a_login(collect, arrived, notebook, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("identifier,github_username,github_id,name\nada,octo-cat,1,\nben,hub-ot,2,\n")
    files = {f"first-homework-{login}/{FILE}": notebook(login) for login in ("octo-cat", "hub-ot")}
    collect(files, "--roster", str(path))
    assert arrived() == {"ada": "octo-cat", "ben": "hub-ot"}


@pytest.mark.parametrize("pattern", ["king_ada_7001/{0}", "7001-ada-king_{0}", "ada king (7001)/{0}"])
def test_names_that_platforms_and_people_join_are_taken_apart(pattern, collect, arrived, notebook, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("student number,first name,last name\n7001,Ada,King\n7002,Ben,Lee\n")
    done = collect(
        {pattern.format(FILE): notebook("a"), f"king_7002/{FILE}": notebook("?")}, "--roster", str(path)
    )
    assert arrived().get("7001", "a") == "a"
    assert "7002" not in arrived()
    assert "king_7002" in done.err


@pytest.mark.parametrize("branch", ["main", "master"])
def test_downloaded_branches_of_clones_are_their_students(branch, collect, arrived, notebook):
    collect({f"{TINY}-{student}-{branch}/{FILE}": notebook(student) for student in ("ada", "ben")})
    assert arrived() == {"ada": "ada", "ben": "ben"}


def test_a_copy_of_the_assignment_among_students_files_is_nobodys(collect, arrived, notebook):
    done = collect({f"Copy of {FILE}": notebook("?"), "ada.ipynb": notebook("a")})
    assert (done.err, arrived()) == (f"Copy of {FILE}: does not say whose it is\n", {"ada": "a"})


# The right file


@pytest.fixture
def original(released):
    return (released / "exercises" / TINY / FILE).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "Copy of 00-double.ipynb",
        "Kopie von 00-double.ipynb",
        "00-double-Copy1.ipynb",
        "00-double - Copy.ipynb",
        "00-double (1).ipynb",
        "00-double_copy.ipynb",
        "00-double-checkpoint.ipynb",
    ],
)
@pytest.mark.parametrize("edited_is_copy", [True, False])
def test_the_notebook_that_was_worked_on_counts(name, edited_is_copy, collect, arrived, notebook, original):
    edited, untouched = (name, FILE) if edited_is_copy else (FILE, name)
    done = collect(
        {f"ada/{edited}": notebook("work"), f"ada/{untouched}": original, "ada/._x.ipynb": b"\0\5"}
    )
    assert (done.err, arrived()) == ("", {"ada": "work"})
    assert f"ada: {edited} counts, beside {untouched} as released" in done.out


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_canvas_uploads_of_the_original_do_not_displace_work(order, collect, arrived, notebook, original):
    data = [notebook("work"), original]
    collect(
        {
            f"doejane_101_5001_{FILE}": data[order[0]],
            f"doejane_101_5002_Copy of {FILE}": data[order[1]],
            f"doejane_101_5003_._{FILE}": b"\0\5\26\7",
        }
    )
    assert arrived() == {"doejane-101": "work"}


def test_two_copies_that_were_both_worked_on_are_a_question(collect, arrived, notebook):
    done = collect({f"ada/{FILE}": notebook("one"), f"ada/{TINY}-Copy1.ipynb": notebook("two")})
    assert (done.status, arrived()) == (1, {})
    assert (
        f"handed in {TINY}-Copy1.ipynb and {FILE}, both worked on, and nothing tells which counts" in done.err
    )


@pytest.mark.parametrize("at", [0, 4])
def test_a_merge_conflict_is_named_with_its_line(at, collect, notebook):
    lines = notebook("x").decode().split("\n")
    lines[at:at] = ["<<<<<<< HEAD", "=======", ">>>>>>> origin/main"]
    done = collect({f"ada/{FILE}": "\n".join(lines).encode(), f"ben/{FILE}": notebook("b")})
    assert f"ada: ada/{FILE}: The notebook holds the marks of a merge (<<<<<<<) in line {at + 1}" in done.out


def test_the_marks_of_a_merge_in_a_cell_are_named_with_cell_and_line(
    collect, arrived, released, autograder, judged, notebook
):
    """As `git merge` leaves them in a source that both sides changed, the file itself being whole."""
    marks = "# mine\n<<<<<<< HEAD\n    return 2 * x\n=======\n    return x + x\n>>>>>>> main"
    done = collect(
        {
            f"ada/{FILE}": notebook("x").replace(b"return 2 * x  # x", marks.replace("\n", "\\n").encode()),
            f"ben/{FILE}": notebook("b <<<<<<< no merge"),
        }
    )
    assert "ada: cell 2 has the marks of a merge (<<<<<<<) in line 3" in done.out
    assert "ben" not in done.out
    autograder(released, "grade", TINY)
    autograder(released, "report", TINY)
    page = (released / "class" / "report" / f"{TINY}.html").read_text(encoding="utf-8")
    assert "with the marks of a merge (&lt;&lt;&lt;&lt;&lt;&lt;&lt;)" in page
    assert "double, line 3" in page
