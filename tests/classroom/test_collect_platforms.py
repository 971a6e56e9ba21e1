"""Archives of the shape that each learning platform writes: whose is what, and no student who is none.

The shapes are those of the platforms' sources and guides, named in `autograder/classroom/collect/platforms.py`.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"
LIST = (
    "Last Name,First Name,Username,Student ID,Email\nDoe,Jane,jdoe,900001,jdoe@x.edu\n"
    "O'Neil,Se\u00e1n,soneil,900002,s@x.edu\n"
)


@pytest.fixture
def class_list(tmp_path):
    path = tmp_path / "list.csv"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# Blackboard


def _blackboard(login, name, day, file="", data=b""):
    stem = f"Homework_1_{login}_attempt_2026-03-{day:02}-10-00-00"
    text = f"Name: {name} ({login})\nAssignment: Homework_1\nDate Submitted: Monday, 2 March 2026\n".encode()
    return {f"{stem}.txt": text, **({f"{stem}_{file}": data} if file else {})}


def test_blackboards_texts_are_no_students_and_the_newest_attempt_counts(collect, arrived, notebook):
    done = collect(
        {
            **_blackboard("jdoe", "Jane Doe", 1, FILE, notebook("first")),
            **_blackboard("jdoe", "Jane Doe", 2, FILE, notebook("second")),
            **_blackboard("s_oneil", "Se\u00e1n O'Neil", 1, FILE, notebook("so")),
            **_blackboard("nobody", "No Body", 1),
        }
    )
    assert arrived() == {"jdoe": "second", "s_oneil": "so"}
    assert (done.status, done.err) == (0, "")


def test_a_login_that_could_begin_in_two_places_is_nobodys(collect, arrived, notebook, class_list):
    """Without its text `Homework_1_a_king_...` may be of `king` or of `a_king`, whoever of them is in the list."""
    files = {
        name: data
        for name, data in _blackboard("a_king", "A King", 1, FILE, notebook("?")).items()
        if data[:1] == b"{"
    }
    done = collect(files, "--roster", class_list("username\nking\n"))
    assert (done.status, arrived()) == (1, {})
    assert "does not say where the login begins" in done.err


def test_blackboards_logins_are_found_in_its_own_class_list(collect, arrived, notebook, class_list):
    files = {
        **_blackboard("jdoe", "Jane Doe", 1, FILE, notebook("jd")),
        **_blackboard("soneil", "Se\u00e1n O'Neil", 1, FILE, notebook("so")),
    }
    assert collect(files, "--roster", class_list(LIST)).err == ""
    assert arrived() == {"900001": "jd", "900002": "so"}


# Brightspace


@pytest.mark.parametrize("join", ["/", " - "])
def test_brightspaces_folders_and_files_give_name_and_time(join, collect, arrived, notebook, class_list):
    files = {
        f"101-7 - Jane Doe - Mar 2, 2026 959 AM{join}{FILE}": notebook("old"),
        f"101-7 - Jane Doe - Mar 2, 2026 1201 PM{join}{FILE}": notebook("new"),
        f"102-7 - Se\u00e1n O'Neil - Mar 2, 2026 1230 AM{join}{FILE}": notebook("so"),
        "index.html": b"<html>",
    }
    text = (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        "#900001,#jdoe,Doe,Jane,jdoe@x.edu,#\n#900002,#soneil,O'Neil,Se\u00e1n,s@x.edu,#\n"
    )
    assert collect(files, "--roster", class_list(text)).err == ""
    assert arrived(stamps=True) == {
        "jdoe": ("new", "2026-03-02 12:01:00 UTC"),
        "soneil": ("so", "2026-03-02 00:30:00 UTC"),
    }


@pytest.mark.parametrize(
    ("when", "stamp"),
    [
        ("Sep 24, 2026 926 PM", "2026-09-24 21:26:00 UTC"),
        ("24 September, 2026 2126", "2026-09-24 21:26:00 UTC"),
        ("24. Sept. 2026 2126", "2026-09-24 21:26:00 UTC"),
        ("24 sept. 2026 2126", "2026-09-24 21:26:00 UTC"),
        ("24. Okt. 2026 2126", ""),
        ("2 d\u00e9cembre 2026 926", ""),
    ],
)
def test_brightspaces_time_is_read_in_english_and_not_guessed_elsewhere(
    when, stamp, collect, arrived, notebook
):
    assert collect({f"397063-2557369 - Anne - Marie Roe - {when}/{FILE}": notebook("a")}).err == ""
    assert arrived(stamps=True) == {"anne-marie-roe": ("a", stamp)}


def test_brightspaces_groups_are_no_students(collect, arrived, notebook):
    files = {f"397063-2557369 - Group {n} - Sep 24, 2026 92{n} PM/{FILE}": notebook(str(n)) for n in (1, 2)}
    done = collect(files)
    assert (done.status, arrived()) == (1, {})
    assert "Group 1: may be a group's work: give the list of groups" in done.err


# Sakai


def test_sakais_folders_give_the_login_and_feedback_is_nobodys_work(collect, arrived, notebook):
    done = collect(
        {
            "Homework 1/grades.csv": b'"Homework 1","Points"\n\nDisplay ID,ID,Last Name,First Name,grade\n',
            f"Homework 1/Doe, Jane(jdoe)/Submission attachment(s)/{FILE}": notebook("jd"),
            f"Homework 1/Doe, Jane(jdoe)/Feedback Attachment(s)/{FILE}": notebook("corrected"),
            "Homework 1/Doe, Jane(jdoe)/timestamp.txt": b"20260302100000000",
            f"Homework 1/O'Neil, Se\u00e1n(soneil)/Submission attachment(s)/{FILE}": notebook("so"),
            "Homework 1/O'Neil, Se\u00e1n(soneil)/comments.txt": b"",
        }
    )
    assert (done.status, done.err, arrived()) == (0, "", {"jdoe": "jd", "soneil": "so"})


ID = "5f0a2b1c-1111-4222-8333-0123456789ab"


def test_sakais_time_is_that_of_its_note_and_not_of_the_download(collect, arrived, notebook):
    """`createTextZipEntry(out, ... "timestamp.txt", s.getDateSubmitted().toString())`: an Instant since version 12."""
    done = collect(
        {
            f"HW/Doe, Jane(jdoe)/Submission attachment(s)/{FILE}": notebook("jd"),
            "HW/Doe, Jane(jdoe)/timestamp.txt": b"2026-03-01T09:30:00.123Z",
            f"HW/Moe, Max(mmoe)/\u63d0\u51fa\u7269/{FILE}": notebook("old"),
            "HW/Moe, Max(mmoe)/timestamp.txt": b"20260301083000000",
            f"HW/Madonna,(mad)/Submission attachment(s)/{FILE}": notebook("m"),
        }
    )
    assert done.err == ""
    assert arrived(stamps=True) == {
        "jdoe": ("jd", "2026-03-01 09:30:00 UTC"),
        "mmoe": ("old", "2026-03-01 08:30:00 UTC"),
        "mad": ("m", ""),
    }


def test_sakais_folder_of_several_people_is_the_work_of_all(collect, arrived, notebook):
    """`submittersString.concat("; ")` in `zipSubmissions`."""
    folder = "HW/Doe, Jane(jdoe); Moe, Max(mmoe)/Submission attachment(s)"
    assert collect({f"{folder}/{FILE}": notebook("both")}).err == ""
    assert arrived() == {"jdoe": "both", "mmoe": "both"}


def test_sakais_download_without_folders_is_read_by_the_files_beginnings(collect, arrived, notebook):
    """`withoutFolders`: `submittersName.concat("_")`; feedback has no `_` behind its folder's name."""
    done = collect(
        {
            f"HW/Doe, Jane(jdoe)_Submission attachment(s)_{FILE}": notebook("jd"),
            f"HW/Doe, Jane(jdoe)_Feedback Attachment(s){FILE}": notebook("corrected"),
            f"HW/Moe, Max(mmoe)_Submission attachment(s)_my_{FILE}": notebook("m"),
        }
    )
    assert (done.err, arrived()) == ("", {"jdoe": "jd", "mmoe": "m"})


def test_sakais_groups_are_no_students_and_their_members_all_have_the_work(
    collect, arrived, notebook, class_list
):
    """`zipGroupSubmissions`: `groupTitle (s.getGroupId())`."""
    files = {f"HW/Team 7 ({ID})/Submission attachment(s)/{FILE}": notebook("seven")}
    done = collect(files)
    assert (done.status, arrived()) == (1, {})
    assert "Team 7: is a group's work: give the list of groups with --groups FILE" in done.err
    text = "Username,Name,Group\njdoe,Jane Doe,Team 7\nmmoe,Max Moe,Team 7\nal,Ann Lee,Team 8\n"
    assert collect(files, "--groups", class_list(text)).err == ""
    assert arrived() == {"jdoe": "seven", "mmoe": "seven"}


def test_sakais_anonymous_folders_are_nobodys(collect, arrived, notebook):
    """`s.getId() + " " + resourceLoader.getString("grading.anonymous.title")`."""
    done = collect({f"HW/{ID} Anonymous/Submission attachment(s)/{FILE}": notebook("?")})
    assert (done.status, arrived()) == (1, {})
    assert "Sakai left the names out" in done.err


# ILIAS


def test_iliass_folders_without_a_folder_around_and_its_mark_of_lateness_are_known(
    collect, arrived, notebook
):
    """`downloadAllAssignmentFiles`: `lastname_firstname_login_userid`, `exc_late_submission - file`, all in ASCII."""
    done = collect(
        {
            f"Doe_Jane_jdoe_4711/{FILE}": notebook("jd"),
            f"Mueller_Max Emil_mmueller_4712/Verspaetete Abgabe - {FILE}": notebook("m"),
        }
    )
    assert (done.err, arrived()) == ("", {"jdoe": "jd", "mmueller": "m"})
    assert "1 late" in done.out


def test_iliass_teams_work_is_not_its_uploaders_alone(collect, arrived, notebook, class_list):
    """`$team_dir = $lng->txt("exc_team")." ".$team_id`, in it the folder of whoever uploaded."""
    files = {f"Team 7/Doe_Jane_jdoe_4711/{FILE}": notebook("seven")}
    done = collect(files)
    assert (done.status, arrived()) == (1, {})
    assert "Team 7: is a group's work" in done.err
    text = "Username,Name,Group\njdoe,Jane Doe,Team 7\nmmoe,Max Moe,Team 7\n"
    assert collect(files, "--groups", class_list(text)).err == ""
    assert arrived() == {"jdoe": "seven", "mmoe": "seven"}


def test_iliass_folders_give_the_login(collect, arrived, notebook):
    done = collect(
        {
            f"Blatt 1/Abgaben/Doe_Jane_jdoe_4711/{FILE}": notebook("jd"),
            f"Blatt 1/Abgaben/von_der_Au_Zo\u00eb_zau_4712/20260302100000_{FILE}": notebook("z"),
        }
    )
    assert (done.err, arrived()) == ("", {"jdoe": "jd", "zau": "z"})


# Gradescope

METADATA = """---
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: '900001'
    :email: jdoe@x.edu
  :created_at: 2026-03-02 10:00:00 Z
  :score: 3.0
  :results:
    tests:
    - name: "sigmoid: values"
submission_2:
  :submitters:
  - :name: Se\u00e1n O'Neil
    :sid:
    :email: s@x.edu
  - :name: "\\xC1nn \\"A\\" Lee"
    :sid: 900003
    :email: ann@x.edu
"""


def test_gradescopes_metadata_say_whose_each_is_and_partners_both_have_it(
    collect, arrived, notebook, released, autograder
):
    done = collect(
        {
            "assignment_9_export/submission_metadata.yml": METADATA.encode(),
            f"assignment_9_export/submission_1/{FILE}": notebook("jd"),
            f"assignment_9_export/submission_2/{FILE}": notebook("pair"),
        }
    )
    assert (done.status, done.err, arrived()) == (0, "", {"jdoe": "jd", "s": "pair", "ann": "pair"})
    assert "\u00c1nn" in autograder(released, "roster").out


def test_gradescopes_time_is_when_it_was_handed_in(collect, arrived, notebook):
    collect(
        {
            "assignment_9_export/submission_metadata.yml": METADATA.encode(),
            f"assignment_9_export/submission_1/{FILE}": notebook("jd"),
        },
        time=datetime(2026, 5, 5),
    )
    assert arrived(stamps=True) == {"jdoe": ("jd", "2026-03-02 10:00:00 UTC")}


def test_gradescopes_numbers_are_no_students(collect, arrived, notebook):
    done = collect(
        {f"export/submission_1/{FILE}": notebook("a"), f"export/submission_2/{FILE}": notebook("b")}
    )
    assert (done.status, arrived()) == (1, {})
    assert "is nobody's without Gradescope's submission_metadata.yml" in done.err


# Moodle in other languages: `participant` of the language packs, as `clean_filename` leaves it


@pytest.mark.parametrize(
    "word",
    [
        "Participant",
        "Teilnehmerin",
        "Participante",
        "Partecipante",
        "Deelnemer",
        "Uczestnik",
        "\u53c2\u4e0e\u8005",
    ],
)
def test_blind_marking_is_known_in_any_language(word, collect, arrived, notebook, class_list):
    files = {f"{word}_{number}_assignsubmission_file/{FILE}": notebook(str(number)) for number in (77, 78)}
    assert collect(files).err == ""
    assert arrived() == {"participant-77": "77", "participant-78": "78"}
    worksheet = f"Teilnehmer/in;E-Mail-Adresse;Status;Bewertung\n{word} 77;ada@x.de;;\n{word} 78;ben@x.de;;\n"
    done = collect(files, "--roster", class_list(worksheet), "--yes")
    assert arrived() == {"ada": "77", "ben": "78"}
    assert "participant-77 is ada, known by Moodle's number 77" in done.out


def test_an_unknown_word_that_all_are_called_by_is_blind_marking_too(collect, arrived, notebook):
    collect({f"Ikasle_{n}_assignsubmission_file/{FILE}": notebook(str(n)) for n in (5, 6, 7)})
    assert arrived() == {f"participant-{n}": str(n) for n in (5, 6, 7)}


# Groups

CANVAS_GROUPS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    '"Doe, Jane",101,S1,jd1,A,Team 7,55,\n"Lee, Ann",102,S2,al2,A,Team 7,55,\n"Moe, Max",103,S3,mm3,B,,,\n'
)
CANVAS_LIST = (
    'Student,ID,SIS User ID,SIS Login ID,Section\n'
    '"Doe, Jane",101,S1,jd1,A\n"Lee, Ann",102,S2,al2,A\n"Moe, Max",103,S3,mm3,B\n'
)  # fmt: skip


def test_canvas_group_work_goes_to_all_members(collect, arrived, notebook, class_list):
    files = {f"team7_102_5001_{FILE}": notebook("team"), f"moemax_103_5002_{FILE}": notebook("max")}
    done = collect(files, "--groups", class_list(CANVAS_GROUPS))
    assert arrived() == {"jd1": "team", "al2": "team", "mm3": "max"}
    assert (done.status, done.err) == (0, "")
    assert "1 group, " in done.out


def test_a_groups_notebook_is_judged_once_and_everybodys_record_has_it(
    collect, released, autograder, judged, notebook, class_list
):
    files = {f"team7_102_5001_{FILE}": notebook("team"), f"moemax_103_5002_{FILE}": notebook("max")}
    collect(files, "--groups", class_list(CANVAS_GROUPS))
    assert "3 graded, 0 unchanged, 0 failed" in autograder(released, "grade", TINY).out
    assert len(judged) == 2
    for student in ("jd1", "al2", "mm3"):
        assert autograder(released, "history", student).out.count(" points\n") == 1
    assert "0 graded, 3 unchanged" in autograder(released, "grade", TINY).out


def test_canvas_group_work_without_a_list_of_groups_is_not_one_members(
    collect, arrived, notebook, class_list
):
    files = {f"team7_102_5001_{FILE}": notebook("team"), f"moemax_103_5002_{FILE}": notebook("max")}
    done = collect(files, "--roster", class_list(CANVAS_LIST))
    assert arrived() == {"mm3": "max"}
    assert "has the number 102 of Ann Lee (al2) and another name" in done.err
    assert "--groups FILE" in done.err


def test_a_groups_number_is_not_a_participants(collect, arrived, notebook, class_list):
    worksheet = (
        "Identifier,Full name,Email address,Status,Group,Grade\nParticipant 76,Ann Lee,ann@x.edu,,Team 7,\n"
        "Participant 77,Max Moe,max@x.edu,,Team 8,\nParticipant 78,Jane Doe,jane@x.edu,,Team 7,\n"
    )
    files = {
        f"Team 7_77_assignsubmission_file/{FILE}": notebook("seven"),
        f"Team 8_78_assignsubmission_file/{FILE}": notebook("eight"),
    }
    done = collect(files, "--roster", class_list(worksheet))
    assert (done.err, arrived()) == ("", {"ann": "seven", "jane": "seven", "max": "eight"})


def test_moodles_group_that_is_in_no_list_is_nobodys(collect, arrived, notebook, class_list):
    worksheet = "Identifier,Full name,Email address,Status,Grade\nParticipant 77,Max Moe,max@x.edu,,\n"
    files = {
        f"Team 7_77_assignsubmission_file/{FILE}": notebook("seven"),
        f"Default group_assignsubmission_file/{FILE}": notebook("rest"),
    }
    done = collect(files, "--roster", class_list(worksheet))
    assert (done.status, arrived()) == (1, {})
    assert "Team 7: has the number 77 of Max Moe (max) and another name" in done.err
    assert "Default group: is the work of whoever is in no group" in done.err


def test_moodles_names_behind_a_group_are_the_members(collect, arrived, notebook, class_list):
    """Moodle before 4.1, `mod/assign/locallib.php`, `download_submissions`: `<group>-<full name>_<participant>`."""
    text = "Full name,Email address,Groups\nAnn Lee,ann@x.edu,Team 7\nMax Moe,max@x.edu,Team 7\n"
    files = {
        f"Team 7-{name}_{n}_assignsubmission_file_/{FILE}": notebook("t")
        for n, name in enumerate(("Ann Lee", "Max Moe"))
    }
    assert collect(files, "--roster", class_list(text)).err == ""
    assert arrived() == {"ann": "t", "max": "t"}


def test_a_name_that_is_a_groups_and_a_students_is_nobodys(collect, arrived, notebook, class_list):
    text = "Full name,Email address,Groups\nAnn Lee,ann@x.edu,Max Moe\nMax Moe,max@x.edu,\n"
    done = collect({f"Max Moe_5_assignsubmission_file/{FILE}": notebook("?")}, "--roster", class_list(text))
    assert arrived() == {}
    assert "could be the group or the student Max Moe" in done.err
