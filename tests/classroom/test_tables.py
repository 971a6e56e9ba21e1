"""Files as programs write them: read with their signs right, written back as they came."""

# ruff: noqa: RUF001

from __future__ import annotations

import pytest

from autograder.classroom import columns, tables
from autograder.classroom.errors import CourseError

# Headers of Moodle's language packs (mod/assign, user/classes/table/participants) over a row of that language.
LISTS = {
    "German": "Teilnehmer/in;Vollständiger Name;E-Mail-Adresse;Gruppe\nTeilnehmer/in 77;Jürgen Groß;j@x.de;A\n",
    "French": "Prénom;Nom;Adresse de courriel;Numéro étudiant\nChloé;Lefèvre;c@x.fr;4711\n",
    "Spanish": "Nombre;Apellido(s);Número de ID;Dirección de correo\nIñaki;Muñoz;77;i@x.es\n",
    "Portuguese": "Nome;Sobrenome;Número de identificação;Endereço de email\nJoão;Conceição;5;j@x.br\n",
    "Italian": "Nome;Cognome;Matricola;Indirizzo email\nNiccolò;Rossi;9;n@x.it\n",
    "Dutch": "Voornaam,Achternaam,Studentnummer,E-mailadres\nZoë,van 't Hoff,3,z@x.nl\n",
    "Polish": "Imię;Nazwisko;Nr albumu;Adres e-mail\nŁukasz;Żółć;88;l@x.pl\n",
    "Russian": "Имя;Фамилия;Адрес электронной почты\nЮрий;Щукин;y@x.ru\n",
    "Chinese": "学号,姓名,电子邮件\n2026001,王小明,w@x.cn\n",
    "Japanese": "学籍番号,氏名,メールアドレス\nB01,山田 太郎,y@x.jp\n",
    "Korean": "학번,성명,이메일\n20260001,김민수,k@x.kr\n",
}
SAVED_AS = {
    "German": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"],
    "French": ["cp1252", "mac_roman", "utf-16-le"],
    "Spanish": ["cp1252", "mac_roman"],
    "Portuguese": ["cp1252", "mac_roman"],
    "Italian": ["cp1252", "mac_roman"],
    "Dutch": ["cp1252", "mac_roman"],
    "Polish": ["cp1250", "utf-16"],
    "Russian": ["cp1251", "utf-16-le"],
    "Chinese": ["gb18030", "utf-16-le", "utf-8"],
    "Japanese": ["cp932", "utf-16"],
    "Korean": ["cp949", "utf-8-sig"],
}


@pytest.mark.parametrize(("language", "encoding"), [(a, b) for a in SAVED_AS for b in SAVED_AS[a]])
def test_a_class_list_of_any_language_and_encoding_is_read_as_it_was_meant(language, encoding, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(LISTS[language].encode(encoding))
    table = tables.read(path)
    header, row = LISTS[language].splitlines()
    sign = ";" if ";" in header else ","
    assert table.rows == [header.split(sign), row.split(sign)]
    assert len(columns.find(table.rows[0])) == len(table.rows[0])
    assert bool(table.notes) is (not encoding.startswith("utf"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", ["", "sep=;"])
def test_a_file_is_written_back_byte_for_byte(encoding, line_end, first, tmp_path):
    lines = [*filter(None, [first]), "Nachname;Punkte", "Müller;10,5", "Große;7,25", ""]
    path = tmp_path / "grades.csv"
    path.write_bytes(line_end.join(lines).encode(encoding))
    table = tables.read(path)
    assert (table.dialect.delimiter, table.dialect.decimal) == (";", ",")
    before = path.read_bytes()
    tables.write(path, table.rows, exact=range(2), dialect=table.dialect)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Name,Vorname,Matrikelnummer", ["last_name", "first_name", "sis"]),
        ("Nom,Cognoms", ["first_name", "last_name"]),
        ("Nom,Prénom", ["last_name", "first_name"]),
        ("Nome,Email", ["name", "email"]),
        ("Student,ID,SIS User ID,SIS Login ID,Section", ["name", "number", "sis", "login", "section"]),
        ("ID,Name", ["id", "name"]),
        ("LastName,FirstName,OrgDefinedId,Username", ["last_name", "first_name", "sis", "login"]),
        (
            "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id",
            ["name", "number", "sis", "login", "section", "group", "group_id", "group_id"],
        ),
        ("First Name,Last Name,SID,Email,Sections", ["first_name", "last_name", "sis", "email", "section"]),
        ("姓,名,邮箱", ["last_name", "first_name", "email"]),
    ],
)
def test_columns_are_known_by_their_names(header, meaning):
    found = {place: field for field, places in columns.find(header.split(",")).items() for place in places}
    assert [found[place] for place in range(len(meaning))] == meaning


def test_title_lines_before_the_header_are_passed_over(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Course,Functions\nPrinted,2026-03-02\n\nFirst name,Last name,Student ID\nAda,King,7\n")
    table = tables.read(path)
    where, found = columns.header_of(table.rows)
    assert (table.rows[where][0], table.lines[where], found["id"]) == ("First name", 4, [2])


def test_a_quotation_mark_that_is_never_closed_takes_no_rows_away(tmp_path):
    path = tmp_path / "list.csv"
    rows = [f's{number},"Nick{number}' if number == 1 else f"s{number},Name{number}" for number in range(9)]
    path.write_text("\n".join(["username,name", *rows]) + "\n")
    table = tables.read(path)
    assert [row[0] for row in table.rows[1:]] == [f"s{number}" for number in range(9)]
    assert "line 3" in table.notes[0]


def test_an_excel_workbook_is_named_as_what_it_is(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(CourseError, match="an Excel workbook: save it as CSV"):
        tables.read(path)
