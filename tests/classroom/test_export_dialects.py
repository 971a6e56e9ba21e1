"""Files of Canvas's and Moodle's as people have them: in other languages, with decimal commas, saved by Excel.

Their shapes are those of Canvas's `lib/gradebook_exporter.rb` and Moodle's `mod/assign/gradingtable.php`.
"""

from __future__ import annotations

import csv
import io

import pytest

from autograder.classroom.export.filling import points_in
from tests.classroom.test_export_platforms import course  # noqa: F401 - the class of that module
from tests.support.courses import TINY

# nbgrader's own models warn about the order in which they add a submission.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")

# German Canvas: a hidden column, points with a comma, somebody excused, one whose assignment it is not, a test student.
CANVAS = (
    "Student;ID;SIS User ID;SIS Login ID;Section;Essay (11);Homework 1 (12);Endpunktzahl\r\n"
    ";;;;;;Manuelle Veröffentlichung;\r\n"
    '"    Points Possible";;;;;20,00;10,00;(schreibgeschützt)\r\n'
    "Doe, Jane;101;S1;jane;A;18,50;;90,25\r\n"
    "Yu, Bo;103;S3;bo;A;;3,00;\r\n"
    "Show, No;104;S4;no4;A;;N/A;\r\n"
    "Student, Test;999;;test;A;;;\r\n"
)


@pytest.fixture
def export(request, course, autograder, tmp_path):  # noqa: F811
    """Fill in a file and return the bytes that come out, and what is said."""

    def run(template: bytes, *arguments: str, form="canvas", column=("--column", "Homework 1")):
        (tmp_path / "template.csv").write_bytes(template)
        path = tmp_path / "out.csv"
        done = autograder(
            course,
            *("export", str(path), "--format", form, "--assignment", TINY, *arguments),
            *("--template", str(tmp_path / "template.csv"), *column),
        )
        return path.read_bytes() if path.exists() else b"", done

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_canvas_gets_its_file_back_as_it_came_with_the_right_points(export, encoding):
    out, done = export(CANVAS.encode(encoding))
    assert done.status == 0, done.err
    # 4.25 of 5 points are 8.5 of 10: with the comma taken for nothing they would be 850 of 1000
    expected = CANVAS.replace("18,50;;90,25", "18,50;8,5;90,25").replace(
        '"    Points Possible"', "    Points Possible"
    )
    assert out == expected.encode(encoding)
    assert "1 left as they were: not assigned in Canvas" in done.out
    assert f"{TINY}: scaled from 5 to 10 points" in done.out


@pytest.mark.parametrize("excused", ["EX", "ex", " Ex "])
def test_who_is_excused_stays_excused(export, excused):
    out, done = export(CANVAS.replace("18,50;;", f"18,50;{excused};").encode())
    assert f"18,50;{excused};90,25" in out.decode()
    assert "1 left as they were: excused in Canvas" in done.out


def test_names_in_two_columns_are_read(export):
    text = (
        "LastName,FirstName,ID,SIS Login ID,Section,Homework 1 (12)\n"
        "    Points Possible,,,,,10\n"
        "Doe,Jane,,,A,\n"
        '"Müller, Jr.",Jürgen,102,,A,\n'
    )
    out, done = export(text.encode())
    assert done.status == 0, done.err
    assert "Doe,Jane,,,A,8.5\n" not in out.decode()  # without a number nobody is a student of Canvas's
    out, done = export(text.replace("Doe,Jane,,", "Doe,Jane,101,").encode())
    assert "Doe,Jane,101,,A,8.5\n" in out.decode()


def test_a_column_that_is_read_only_is_left_alone(export):
    out, done = export(CANVAS.replace("20,00;10,00", "20,00;(read only)").encode())
    assert (done.status, out) == (2, b"")
    assert "says that it is read-only" in done.err


def test_two_columns_of_one_name_are_a_question(export):
    text = CANVAS.replace("Essay (11);Homework 1 (12)", "Homework 1 (11);Homework 1 (12)")
    out, done = export(text.encode())
    assert (done.status, out) == (2, b"")
    assert "2 columns" in done.err
    assert "'Homework 1 (11)' and 'Homework 1 (12)': say which with --column" in done.err
    out, done = export(text.encode(), column=("--column", "Homework 1 (12)"))
    assert "A;18,50;8,5;90,25" in out.decode()


def test_points_that_are_replaced_are_told(export):
    out, done = export(CANVAS.replace("A;18,50;;90,25", "A;18,50;9,00;90,25").encode())
    assert "A;18,50;8,5;90,25" in out.decode()
    assert "other points were there and are replaced: jd1 9,00 -> 8,5" in done.out
    _, done = export(CANVAS.replace("A;18,50;;90,25", "A;18,50;8,50;90,25").encode())
    assert "and are replaced" not in done.out


def test_two_rows_that_fit_one_student_are_nobodys(export):
    text = CANVAS + "Doe, Jane;;;jd1;B;;;\r\n".replace(";;;jd1", ";101;;jd1")
    out, done = export(text.encode())
    assert ";8,5" not in out.decode()
    assert "several rows fit jd1: left as they were" in done.out


def test_a_row_that_is_too_long_is_told_and_one_that_is_too_short_is_filled_in(export):
    text = CANVAS.replace("Doe, Jane;101;S1;jane;A;18,50;;90,25", "Doe, Jane;101;S1;jane;A")
    out, done = export(text.encode())
    assert "Doe, Jane;101;S1;jane;A;;8,5;\r\n" in out.decode()
    out, done = export(CANVAS.replace("A;18,50;;90,25", "A;18,50;;90,25;more").encode())
    assert ";8,5" not in out.decode()
    assert "line 4 has more cells than the header: left as it was" in done.out


@pytest.mark.parametrize(
    ("text", "points"),
    [("10,00", 10), ("10.00", 10), ("1.000,50", 1000.5), ("1,000.50", 1000.5), ("7", 7), ("85,5%", 85.5)]
    + [(text, None) for text in ("", "EX", "(read only)", "-", "N/A", ".", ",")],
)
def test_points_are_read_as_canvas_reads_them(text, points):
    assert points_in(text) == points


# Moodle: `Identifier`, `Grade` and the others in the language of whoever downloads the worksheet.

HEADERS = {
    "de": ("Teilnehmer/in", "ID", "Vollständiger Name", "E-Mail-Adresse", "Bewertung", "Beste Bewertung"),
    "fr": ("Participant", "Identifiant", "Nom complet", "Adresse de courriel", "Note", "Note maximale"),
    "es": (
        "Participante",
        "Identificador",
        "Nombre completo",
        "Dirección de correo",
        "Calificación",
        "Máxima",
    ),
    "pt": ("Participante", "Identificador", "Nome completo", "Endereço de email", "Nota", "Nota máxima"),
    "it": (
        "Partecipante",
        "Identificativo",
        "Nome completo",
        "Indirizzo email",
        "Valutazione",
        "Punteggio massimo",
    ),
    "nl": ("Deelnemer", "Identificatie", "Volledige naam", "E-mailadres", "Cijfer", "Maximumcijfer"),
    "zh": ("参与者", "标识符", "姓名", "电子邮件", "成绩", "最高成绩"),
    "ja": ("参加者", "ID", "フルネーム", "メールアドレス", "評点", "最大評点"),
    "ar": ("المشارك", "المُعرَّف", "ًالاسم كاملا", "عنوان البريد الإلكتروني", "الدرجة", "أعلى تقدير"),
    "xx": ("Xxx", "Yyy", "Zzz", "Vvv", "Www", "Uuu"),  # a language that nobody has thought of
}


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("decimal", [",", "."])
def test_moodles_worksheet_is_filled_in_in_any_language(export, language, decimal):
    participant, first, name, mail, grade, most = HEADERS[language]
    best = f"100{decimal}00"
    rows = [
        [first, name, mail, "Status", grade, most, "?"],
        [f"{participant} 4711", "Jane Doe", "jane@x.edu", "ok", "", best, "Ja"],
        [f"{participant} 4712", "Jürgen Müller, Jr.", "", "ok", f"55{decimal}00", best, "Ja"],
    ]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    out, done = export(text.getvalue().encode(), form="moodle-worksheet", column=())
    assert done.status == 0, done.err
    assert out.decode() == text.getvalue().replace(f'"ok","","{best}"', f'"ok","85","{best}"')
    assert "scaled from 5 to 100 points" in done.out


# Excel


@pytest.mark.parametrize("form", ["csv", "course", "items"])
def test_excel_on_windows_gets_a_mark_and_the_cells_of_its_country(course, autograder, tmp_path, form):  # noqa: F811
    path = tmp_path / "grades.csv"
    arguments = ("export", str(path), "--format", form, "--assignment", TINY)
    assert autograder(course, *arguments, "--excel").status == 0
    plain = path.read_bytes()
    assert plain.startswith(b"\xef\xbb\xbf")
    assert plain.count(b"\r\n") == plain.count(b"\n")
    assert "Jürgen," in plain.decode("utf-8-sig")
    assert autograder(course, *arguments, "--excel", "semicolon").status == 0
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert any("4,25" in row for row in rows)
    assert any("Müller, Jr." in row for row in rows)
    assert any("'=HYPERLINK(1)" in row for row in rows)
