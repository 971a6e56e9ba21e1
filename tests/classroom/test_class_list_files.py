"""Class lists as they are: every row that can be used is used, every other one is told with its line.

The shapes are those of the systems' own exports, named in `autograder/classroom/columns.py`.
"""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from autograder.classroom.collect import class_list
from autograder.classroom.errors import CourseError


@pytest.fixture
def read(tmp_path):
    def run(text, encoding="utf-8"):
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode(encoding))
        found = class_list.read(path)
        return found.people, [note.removeprefix(f"{path}") for note in found.notes]

    return run


# Canvas, lib/gradebook_exporter.rb: rows of a header's kind, the test student, points that may not be changed
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (7),Current Score\n"
    ",,,,,Manual Posting,(read only)\n    Points Possible,,,,,10,(read only)\n"
    '"Doe, Jane",101,S1,jd1,"A and B",9,90\n"O\'Neil, Se\u00e1n",102,S2,so@x.edu,A,8,80\n"Student, Test",999,,abc,A,,\n'
)


def test_canvas_rows_that_are_nobodys_are_passed_over(read):
    people, notes = read(CANVAS)
    assert [(p.id, p.number, p.sis, p.login) for p in people] == [
        ("jd1", "101", "S1", "jd1"),
        ("so@x.edu", "102", "S2", "so@x.edu"),
    ]
    assert notes == []


def test_canvas_semicolons_and_names_apart_are_read(read):
    people, _ = read(
        "LastName;FirstName;ID;SIS User ID;SIS Login ID;Section;HW (7)\nDoe;Jane;101;S1;jd1;A;9,5\n"
    )
    assert [(p.id, p.first_name, p.last_name, p.number) for p in people] == [("jd1", "Jane", "Doe", "101")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First name,Surname,ID number,Email address,Groups\nAda,King,7,a@x.uk,\"A, B\"\n", ("7", "a@x.uk", ("A", "A, B", "B"))),
        ("Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\nAda;King;7;a@x.de;A\n", ("7", "a@x.de", ("A",))),
        ("Prénom;Nom de famille;Numéro d'identification;Adresse de courriel;Groupes\nAda;King;7;a@x.fr;A\n", ("7", "a@x.fr", ("A",))),
        ("Nombre;Apellido(s);Número de ID;Dirección de correo;Grupos\nAda;King;7;a@x.es;A\n", ("7", "a@x.es", ("A",))),
        ("Nome;Cognome;Numero ID;Indirizzo email;Gruppi\nAda;King;7;a@x.it;A\n", ("7", "a@x.it", ("A",))),
        ("Nome;Apelido;Número de identificação;Endereço de email;Grupos\nAda;King;7;a@x.pt;A\n", ("7", "a@x.pt", ("A",))),
        ("Voornaam;Achternaam;Studentnummer;E-mailadres;Groepen\nAda;King;7;a@x.nl;A\n", ("7", "a@x.nl", ("A",))),
        ("Imię;Nazwisko;Numer ID;Adres e-mail;Grupy\nAda;King;7;a@x.pl;A\n", ("7", "a@x.pl", ("A",))),
        ("名,姓,学号,电子邮件,小组\nAda,King,7,a@x.cn,A\n", ("7", "a@x.cn", ("A",))),
        ("名,姓,学籍番号,メールアドレス,グループ\nAda,King,7,a@x.jp,A\n", ("7", "a@x.jp", ("A",))),
        ("First Name,Last Name,SID,Email,Sections\nAda,King,7,a@x.edu,\n", ("7", "a@x.edu", ())),
        ("\"Last Name\",\"First Name\",\"Username\",\"Student ID\"\nKing,Ada,ak,7\n", ("7", "", ())),
        ("OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#7,#7,King,Ada,a@x.ca,#\n", ("7", "a@x.ca", ())),
        ("\"Homework\",\"Points\"\n\nDisplay ID,ID,Last Name,First Name,grade\n7,u-1,King,Ada,\n", ("u-1", "", ())),
    ],
)  # fmt: skip
def test_the_lists_of_every_system_and_language_are_read(text, expected, read):
    [person], notes = read(text)
    assert (person.id, person.email, person.groups) == expected
    assert (person.first_name, person.last_name, notes) == ("Ada", "King", [])


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "mac_roman"])
def test_excels_own_encodings_with_its_first_line_and_title_lines_are_read(encoding, read):
    text = 'sep=;\r\nKurs: Funktionen;;\r\nStand: 2.3.2026;;\r\nVorname;Nachname;Matrikelnummer\r\nJürgen;Groß;="0012"\r\n'
    [person], _ = read(text, encoding)
    assert (person.id, person.name) == ("0012", "Jürgen Groß")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("O'Neil, Seán", "Seán", "O'Neil"),
        ("King, Martin Luther, Jr.", "Martin Luther", "King, Jr."),
        ("Martin Luther King Jr.", "Martin Luther", "King Jr."),
        ("Lee [Lou], Ann/Bea", "Ann/Bea", "Lee [Lou]"),
        ("Cher", "", "Cher"),
    ],
)
def test_names_of_every_form_are_kept_as_they_are(name, first, last, read):
    [person], _ = read(f'Name,E-mail\n"{name}",x@x.edu\n')
    assert (person.first_name, person.last_name) == (first, last)


@pytest.mark.parametrize(
    ("login", "student"),
    [
        ("o'neil", "o-neil"),
        ("a/b", "a-b"),
        ("j(doe)", "j-doe"),
        ("j+doe@x.edu", "j+doe@x.edu"),
        ("zoë", "zoë"),
    ],
)
def test_an_id_that_cannot_name_a_folder_has_a_form_that_can(login, student, read):
    [person], notes = read(f"username,name\n{login},Ann Lee\n")
    assert (person.id, person.login, notes) == (student, login, [])


def test_two_ids_of_one_safe_form_stay_two_students(read):
    people, _ = read("username,name\na/b,Ann Lee\na-b,Bob Lee\na(b,Cid Lee\n")
    assert len({person.id for person in people}) == 3
    assert people[1].id == "a-b"
    again, _ = read("username,name\na(b,Cid Lee\na-b,Bob Lee\na/b,Ann Lee\n")
    assert {person.id for person in people} == {person.id for person in again}


def test_one_student_in_two_sections_is_one_student(read):
    people, notes = read("student_id,name,section\n7,Ada King,A\n7,Ada King,B\n8,Ben Lee,A\n8,Ben Lee,A\n")
    assert [(p.id, p.sections) for p in people] == [("7", ("A", "B")), ("8", ("A",))]
    assert notes == []


def test_rows_that_contradict_each_other_are_nobodys(read):
    people, notes = read("student_id,name\n7,Ada King\n7,Ben Lee\n8,Cleo May\n")
    assert [person.id for person in people] == ["8"]
    assert notes == [": lines 2 and 3 both say '7' and differ in name: none of them was taken"]


def test_an_address_that_two_share_leads_to_neither(read):
    people, notes = read("student_id,email\n7,family@x.edu\n8,family@x.edu\n")
    assert [(p.id, p.email) for p in people] == [("7", ""), ("8", "")]
    assert "said of several students" in notes[0]


def test_ragged_rows_are_told_and_not_dropped(read):
    people, notes = read(
        "student_id,name,email\n1,Ada King,a@x.edu,,\n2,Ben Lee\n3,Cleo May,c@x.edu,a remark\n4,Doe, Jane,d@x.edu\n,,\n"
    )
    assert [person.id for person in people] == ["1", "2", "3"]
    assert notes[:2] == [", line 3: has 2 cells, the header has 3", ", line 4: has 4 cells, the header has 3"]
    assert notes[-1].startswith(", line 5: its cells may be in other columns")


@pytest.mark.parametrize(
    ("text", "ids", "lines"),
    [
        ('username,name\nada,"Ada King\nben,Ben Lee\n', ["ada", "ben"], [2]),
        ('username,name\nada,"Ada\nben,Ben Lee\ncleo,"Cleo\ndora,D Y\n', ["ada", "ben", "cleo", "dora"], [2, 4]),
        ('username,name\nada,"Ada King\nben,Ben Lee"\ncleo,Cleo X\n', ["cleo"], [2]),
        ('username,name,note\nada,"Ada "Mad" K",x\nben,Ben,"likes\nlines, and commas"\n', ["ada", "ben"], []),
    ],
)  # fmt: skip
def test_an_open_quotation_mark_swallows_nobody_in_silence(text, ids, lines, read):
    people, notes = read(text)
    assert [person.id for person in people] == ids
    assert len(notes) == len(lines)
    assert all(f"line {line}" in note for line, note in zip(lines, notes, strict=True))


def test_signs_that_nobody_sees_are_no_part_of_a_name(read):
    """Marks of direction, soft hyphens and spaces of no width, as right-to-left systems and word processors leave them."""
    people, _ = read(
        "First name,Last name,Email\n\u200f\u0639\u0644\u064a\u200f,\u062d\u0633\u0646,ah@x.eg\n"
        "A\u00addele,King\u200b,ak@x.edu\n"
    )
    names = [(person.first_name, person.last_name) for person in people]
    assert names == [("\u0639\u0644\u064a", "\u062d\u0633\u0646"), ("Adele", "King")]


def test_one_bad_row_never_refuses_a_list(read):
    people, notes = read("student_id,name\n=cmd(),A B\n../../etc,C D\n7,Ada King\n,\n")
    assert [person.id for person in people] == ["7"]
    assert [note.split(":")[0] for note in notes] == [", line 2", ", line 3"]


def test_teachers_are_no_students(read):
    people, notes = read(
        "First name,Last name,Email address,Roles\nAda,King,a@x.edu,Student\nT,T,t@x.edu,Teacher\n"
    )
    assert [person.id for person in people] == ["a"]
    assert notes == [", line 3: is no student (Teacher)"]


@pytest.mark.parametrize(
    ("text", "why"), [("a,b\n1,2\n", "has no column"), ("name,email\n", "lists no students")]
)
def test_a_list_of_nobody_is_refused(text, why, read):
    with pytest.raises(CourseError, match=why):
        read(text)
