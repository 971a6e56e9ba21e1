"""Lists and archives of Google, Teams, GitHub Classroom, Gradescope and Blackboard Ultra; Canvas and Moodle abroad."""

# ruff: noqa: RUF001

import pytest

from autograder.classroom.collect import class_list
from tests.support.archives import write_zip
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,hw (12)\n"


@pytest.fixture
def read(tmp_path):
    def take(text):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        return class_list.read(path)

    return take


def test_google_classrooms_rows_of_dates_points_and_means_are_nobodys(read):
    head = "Last Name,First Name,Email Address,hw\n,,Date,10/03/2024\n,,Points,10\n,,Class Average,7.5\n"
    listed = read(head + "Lovelace,Ada,ada@x.edu,10\n")
    assert [person.id for person in listed.people] == ["ada"]
    assert len(listed.notes) == 3


def test_github_classrooms_grades_and_roster_name_the_same_people(read):
    [listed] = read("identifier,github_username,github_id,name\nada@x.edu,adal,1815,Ada Lovelace\n").people
    [graded] = read(
        "assignment_name,github_username,roster_identifier,student_repository_name,points_awarded\n"
        "hw,adal,ada@x.edu,hw-adal,8\n"
    ).people
    assert (graded.id, graded.login) == (listed.id, listed.login) == ("ada@x.edu", "adal")


def test_gradescopes_readers_are_no_students(read):
    listed = read("First Name,Last Name,SID,Email,Role\nAda,L,1,a@x.edu,Student\nRex,R,2,r@x.edu,Reader\n")
    assert [person.id for person in listed.people] == ["1"]


def test_blackboards_preview_user_is_no_student(read):
    head = '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\n'
    rows = '"Lovelace"\t"Ada"\t"ada"\t"111"\t"Yes"\n"PreviewUser"\t"Ida"\t"i_previewuser"\t"i_previewuser"\t"Yes"\n'
    assert [person.id for person in read(head + rows).people] == ["111"]


@pytest.mark.parametrize("points", ["    Points possibles", "    Mögliche Punkte", "    配分"])
def test_canvas_row_of_points_is_nobodys_in_any_language(points, read):
    assert [p.id for p in read(f'{CANVAS}{points},,,,,10\n"Lovelace, Ada",11,,ada,A,3\n').people] == ["ada"]


def test_canvas_test_student_is_no_student_in_any_language(read):
    tester = f'"Étudiant test",99,,{"ab12" * 10},A,\n'
    assert [p.id for p in read(f'{CANVAS}"Lovelace, Ada",11,,ada,A,3\n{tester}').people] == ["ada"]


@pytest.mark.parametrize("both", ["A and B", "A, B", "A und B"])
def test_who_is_in_two_sections_by_one_cell_is_in_each_of_them(both, read):
    rows = f'"Lovelace, Ada",11,,ada,"{both}",3\n"Babbage, Ben",12,,ben,A,3\n"Noether, Emmy",13,,emmy,B,3\n'
    assert [person.sections for person in read(CANVAS + rows).people] == [("A", "B"), ("A",), ("B",)]


def test_a_section_that_has_a_word_for_and_in_its_name_stays_one(read):
    rows = '"Lovelace, Ada",11,,ada,Arts and Crafts,3\n"Babbage, Ben",12,,ben,Arts,3\n'
    assert [person.sections for person in read(CANVAS + rows).people] == [("Arts and Crafts",), ("Arts",)]


def test_hidden_participants_are_no_logins_where_a_language_has_one_word_for_both(read):
    [person] = read("Identifiant,Statut,Note\nParticipant 77,Remis,\n").people
    assert (person.participant, person.login) == ("77", "")


# `recordid`, `fullname`, `email`, `gradenoun` and `hiddenuser` of Moodle's language packs; some end in no space.
WORKSHEETS = {
    "Japanese": ("ID,フルネーム,メールアドレス,評点", "参加者77"),
    "Arabic": ("المُعرَّف,ًالاسم كاملا,عنوان البريد الإلكتروني,الدرجة", "المشارك77"),
    "German": ("ID,Vollständiger Name,E-Mail-Adresse,Bewertung", "Teilnehmer/in77"),
    "Greek": ("Αναγνωριστικό,Πλήρες όνομα,Διεύθυνση ηλε.ταχυδρομείου,Βαθμός", "Συμμετέχων 77"),
    "French": ("Identifiant,Nom complet,Adresse de courriel,Note", "Participant 77"),
}


@pytest.mark.parametrize("language", WORKSHEETS)
def test_moodles_worksheet_tells_numbers_names_and_addresses_in_any_language(language, read):
    header, number = WORKSHEETS[language]
    [person] = read(f"{header}\n{number},Ada Lovelace,ada@x.edu,\n").people
    assert (person.id, person.name, person.participant) == ("ada", "Ada Lovelace", "77")


def test_a_login_that_looks_like_a_number_of_moodles_stays_a_login(read):
    assert [person.id for person in read("username\nparticipant77\n").people] == ["participant77"]


PEOPLE = "First Name,Last Name,Email Address\nAda,Lovelace,ada@x.edu\nBen,Babbage,ben@x.edu\n"
TEAMS = {
    f"Submitted files/Ada Lovelace/{TINY}/Version {version}/{FILE}": f"a{version}" for version in (2, 9, 10)
} | {f"Submitted files/Ben Babbage/{TINY}/Version 1/{FILE}": "b"}
DRIVE = {
    f"Copy of {TINY}/Ada Lovelace - Copy of {FILE}": "a10",
    f"Copy of {TINY}/Ben Babbage - {FILE}": "b",
}


@pytest.mark.parametrize("files", [TEAMS, DRIVE], ids=["Teams", "Google Drive"])
def test_downloads_are_each_persons_newest(files, collect, arrived, notebook):
    collect({path: notebook(remark) for path, remark in files.items()})
    assert arrived() == {"Ada Lovelace": "a10", "Ben Babbage": "b"}


@pytest.mark.parametrize("files", [TEAMS, DRIVE], ids=["Teams", "Google Drive"])
def test_downloads_find_those_in_the_list(files, collect, arrived, notebook, tmp_path):
    (tmp_path / "list.csv").write_text(PEOPLE)
    collect(
        {path: notebook(remark) for path, remark in files.items()}, "--roster", str(tmp_path / "list.csv")
    )
    assert arrived() == {"ada": "a10", "ben": "b"}


def test_canvas_numbers_are_no_part_of_the_names_of_files_handed_in_along(collect, notebook, released):
    collect(
        {f"ada_11_51_{TINY}-1.ipynb": notebook(), "ada_11_52_own-1.csv": b"1", "ada_11_53_run-2.csv": b"2"}
    )
    folder = released / "class/submitted/ada-11" / TINY
    assert (folder / "own.csv").read_bytes() == (folder / "own-1.csv").read_bytes() == b"1"
    assert (folder / "run-2.csv").exists()


def test_two_notebooks_of_one_hand_in_are_not_handed_in_again(course, autograder, tmp_path):
    source = course / "solutions" / TINY / FILE
    source.with_name("second.ipynb").write_bytes(source.read_bytes())
    assert autograder(course, "release", TINY).status == 0

    def collected(*names):
        files = {
            f"ada/{name}.ipynb": (course / "exercises" / TINY / FILE).read_bytes()
            for name in (TINY, "second")
        }
        files |= {f"ada/{name}.ipynb": source.read_bytes() for name in names}
        return autograder(course, "collect", str(write_zip(tmp_path / "a.zip", files)), TINY).out

    assert "handed in again" not in collected()
    assert "1 handed in again (older ones are kept in class/collected/)" in collected("second")
