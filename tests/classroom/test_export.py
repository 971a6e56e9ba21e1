import csv

import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from tests.support.courses import TINY, hand_in

# nbgrader's own models warn about the order in which they add a submission.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")


@pytest.fixture
def course(released):
    """A course with a student in each state, without running a kernel."""
    with gradebook.opened(load_course(released)) as book:
        book.add_student("absent", last_name="O'Neil, Jr.", first_name='"Absent"', email="=HYPERLINK(1)")
        for student in ("ada", "ben"):
            book.add_student(student)
            for grade in book.add_submission(TINY, student).notebooks[0].grades:
                grade.auto_score = float(grade.max_score) if grade.name != "explain" else None
                grade.needs_manual_grade = grade.name == "explain" and student == "ben"
        book.db.commit()
    for student in ("ada", "ben"):
        (released / "class" / "autograded" / student / TINY).mkdir(parents=True)
    hand_in(released, "new")
    return released


def _rows(path):
    with path.open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_every_student_has_a_row_with_points_and_state(course, autograder, tmp_path):
    path = tmp_path / "grades.csv"
    done = autograder(course, "export", str(path))
    assert (done.status, done.out) == (0, f"{path}: 4 rows\n")
    rows = _rows(path)
    assert {student: row["status"] for student, row in rows.items()} == {
        "absent": "not handed in",
        "ada": "graded",
        "ben": "to grade by hand",
        "new": "not graded",
    }
    assert (rows["ada"]["score"], rows["ada"]["max_score"]) == ("3", "5")
    assert rows["new"]["score"] == "0"


def test_commas_quotes_and_formulas_reach_the_spreadsheet_as_text(course, autograder, tmp_path):
    path = tmp_path / "grades.csv"
    assert autograder(course, "export", str(path)).status == 0
    row = _rows(path)["absent"]
    assert (row["last_name"], row["first_name"]) == ("O'Neil, Jr.", '"Absent"')
    assert row["email"] == "'=HYPERLINK(1)"


def test_a_file_that_cannot_be_written_is_told(course, autograder, tmp_path):
    path = tmp_path / "nowhere" / "grades.csv"
    done = autograder(course, "export", str(path))
    assert (done.status, done.err) == (
        2,
        f"autograder: {path} cannot be written: No such file or directory.\n",
    )


def test_an_unknown_format_is_refused(course, autograder):
    with pytest.raises(SystemExit) as exit:
        autograder(course, "export", "grades.xyz", "--format", "xyz")
    assert exit.value.code == 2
