"""Names of all scripts: nobody merged, nobody lost, from an archive through roster and export and back."""

# ruff: noqa: RUF001

from __future__ import annotations

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from autograder.classroom import gradebook
from autograder.classroom.collect import class_list, ledger, names
from autograder.classroom.collect.archive import in_zip
from autograder.classroom.collect.names import Submitter
from autograder.classroom.collect.people import ClassList, Person, newcomer
from autograder.classroom.collect.sorting import Wanted, sort
from autograder.classroom.course import load_course
from autograder.classroom.grade import crews
from autograder.classroom.gradebook import records
from tests.support.archives import write_zip
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"

# Ten first names for each of thirty scripts and spellings, some of which differ in a mark or a joiner alone.
SCRIPTS = {
    "Sharma Devanagari शर्मा": "राम रमा रामा रोमा रीमा रिमा कमल कमला विमल विमला",
    "Tamil குமார்": "மணி மாணி மண மாணா கவி காவி கலா கால அரு ஆரு",
    "Thai สุข": "กา กี กู กิ กุ กำ แก เก โก ไก",
    "Sinhala පෙරේරා": "ශ්‍රී ශ්රී කමල් කමලා නිමල් නිමලා සුනිල් සුනිලා රුවන් රුවනා",
    "Bengali দাস": "রাম রমা রমি রীমা কমল কমলা বিমল বিমলা অনিল অনিলা",
    "Telugu రావు": "రామ రమ రమా రీమ కమల కమలా విమల విమలా అనిల అనిలా",
    "Kannada ರಾವ್": "ರಾಮ ರಮ ರಮಾ ರೀಮ ಕಮಲ ಕಮಲಾ ವಿಮಲ ವಿಮಲಾ ಅನಿಲ ಅನಿಲಾ",
    "Malayalam നായർ": "രാമ രമ രമാ രീമ കമല കമലാ വിമല വിമലാ അനില അനിലാ",
    "Gujarati પટેલ": "રામ રમા રીમા કમલ કમલા વિમલ વિમલા અનિલ અનિલા રોમ",
    "Gurmukhi ਸਿੰਘ": "ਰਾਮ ਰਮਾ ਰੀਮਾ ਕਮਲ ਕਮਲਾ ਬਿਮਲ ਬਿਮਲਾ ਅਨਿਲ ਅਨਿਲਾ ਰੋਮ",
    "Odia ଦାସ": "ରାମ ରମା ରୀମା କମଳ କମଳା ବିମଳ ବିମଳା ଅନିଲ ଅନିଲା ରୋମ",
    "Khmer សុខ": "កា កី កុ កូ កេ កែ កោ កៅ កំ កះ",
    "Lao ສຸກ": "ກາ ກີ ກູ ກິ ກຸ ກຳ ແກ ເກ ໂກ ໄກ",
    "Burmese မောင်": "ကာ ကီ ကူ ကိ ကု ကံ ကေ ကဲ ကော ကို",
    "Tibetan ཚེ": "ཀི ཀུ ཀེ ཀོ ཁི ཁུ ཁེ ཁོ གི གུ",
    "Arabic حسن": "علي عليّ عمر عمار محمد محمود سمير سميرة خالد خلود",
    "Persian رضایی": "علی‌رضا علیرضا مهدی مهدیه امیر امیره نیما نعیما سینا سونا",
    "Hebrew כהן": "דן דנה דינה דני רון רונה רינה שירה שרה שיר",
    "Greek Παππάς": "Νίκος Νίκη Μάρω Μαρία Μαρίνα Άννα Ελένη Έλλη Ιώ Ίων",
    "Cyrillic Иванов": "Семён Семен Андрей Юлия Юля Пётр Петр Иван Йван Ильич",
    "Armenian Սարգսյան": "Անի Աննա Արամ Արման Դավիթ Լիլիթ Նարե Մարի Մարիա Տիգրան",
    "Georgian ბერიძე": "ანა ანი გია გიო ლია ლეო ნინო ნანა თეა თეო",
    "Amharic በቀለ": "አበበ አበባ ሰላም ሰለሞን ሀና ሐና ተስፋ ታሪኩ ዳዊት ዳንኤል",
    "Chinese 王": "小明 小鸣 明 鸣 晓明 小敏 敏 伟 薇 维",
    "Japanese 山田": "太郎 たろう タロウ 花子 はなこ ハナコ か が ハ バ",
    "Korean 김": "민수 민서 민지 수민 서민 지민 영희 영호 하늘 하나",
    "Vietnamese Nguyễn": "An Ân Ấn Ẩn Ẫn Ậy Hoà Hoa Hóa Hoạ",
    "Turkish Işık": "Işıl Isil Işil İnci Can Çan Sule Şule Gul Gül",
    "Polish Łąk": "Jan Ján Zofia Żofia Łucja Lucja Michał Michal Ania Ańa",
    "French O'Neil-d'Été": "Zoe Zoé Zoë Noel Noël Rene René Renée Chloe Chloé",
}
PEOPLE = [(first, key.rsplit(" ", 1)[1]) for key, firsts in SCRIPTS.items() for first in firsts.split()]


def test_there_are_three_hundred_different_people_of_thirty_scripts():
    assert (len(SCRIPTS), len({names.words(" ".join(person)) for person in PEOPLE})) == (30, 300)


def _moodle(first, last, number):
    return f"{names.as_moodle(f'{first} {last}')}_{number}_assignsubmission_file/{FILE}"


def test_three_hundred_become_three_hundred_and_stay_so(tmp_path):
    archive = write_zip(
        tmp_path / "a.zip", {_moodle(*person, n): str(n).encode() for n, person in enumerate(PEOPLE, 1000)}
    )
    people: list[Person] = []
    for _ in range(2):  # the second time everybody is known
        with in_zip(archive, None) as entries:
            found = sort(entries, Wanted(TINY, [TINY]), ClassList(people), source=None, open_class=True)
        assert (len(found.notebooks), found.refused) == (300, [])
        people = list(found.people.values())
    for student, items in found.notebooks.items():
        path = items[0].entry.path
        assert names.words(path.split("_")[0]) == names.words(found.people[student].name)


@pytest.mark.parametrize("platform", ["moodle", "canvas", "files"])
def test_each_of_three_hundred_is_found_by_name_or_refused_and_never_taken_for_another(platform):
    listed = [Person(f"s{n}", first, last, number=str(n)) for n, (first, last) in enumerate(PEOPLE)]
    everybody, wrong, missed = ClassList(listed), [], []
    for person in listed:
        name = {
            "canvas": names.as_canvas(person.last_name + person.first_name),
            "moodle": names.as_moodle(person.name),
        }
        found, _ = everybody.find(Submitter(platform, name.get(platform, person.name)))
        wrong += [person.name] if found and found.id != person.id else []
        missed += [] if found else [person.name]
    assert wrong == []
    # Canvas takes joiners out of names: without its number those four cannot be told apart.
    assert len(missed) == (4 if platform == "canvas" else 0)


def test_ids_keep_marks_and_joiners_and_stay_apart():
    ids = [newcomer(Submitter("moodle", " ".join(person), "7")).id for person in PEOPLE]
    assert len({names.folded(student) for student in ids}) == 300
    assert all(names.is_safe(student) for student in ids)
    assert "राम-शर्मा" in ids
    assert "रमा-शर्मा" in ids


def test_a_list_of_three_hundred_comes_back_from_a_spreadsheet_as_it_was(tmp_path):
    path, text = tmp_path / "list.csv", io.StringIO()
    csv.writer(text).writerows([("First name", "Last name"), *PEOPLE])
    for encoding in ("utf-8", "utf-16", "utf-8-sig"):
        path.write_bytes(text.getvalue().encode(encoding))
        listed = class_list.read(path)
        assert [(person.first_name, person.last_name) for person in listed.people] == PEOPLE
        assert listed.notes == []


@pytest.fixture
def judged_once(monkeypatch, warm):
    """Judge each notebook once, whoever handed it in: three hundred are written and three judged."""
    known = {}

    def work(task):
        if task.notebooks not in known:
            known[task.notebooks] = crews.grade_task(task, warm)
        return known[task.notebooks]

    @contextmanager
    def hired(jobs, scheduler=""):
        with ThreadPoolExecutor(1) as executor:
            yield crews.Crew(executor, work, 1)

    monkeypatch.setattr(crews, "hired", hired)


def _points_by_hand(course):
    """Give each student points of their own, by the number that they had in the archive; return all points by it."""
    numbers = {student: int(one.number) for student, one in ledger.latest(course, TINY).items()}
    with gradebook.opened(course) as opened:
        for student, number in numbers.items():
            grade = opened.find_grade("explain", TINY, TINY, student)
            grade.manual_score, grade.needs_manual_grade = (number - 1000) / 100, False
        opened.db.commit()
    return {numbers[student]: total.score for student, total in records.scores(course, TINY).items()}


def test_points_of_three_hundred_come_back_to_whom_they_belong(
    collect, released, autograder, judged_once, notebook, tmp_path
):
    texts = [notebook(str(n)) for n in range(3)]
    collect({_moodle(*person, n): texts[n % 3] for n, person in enumerate(PEOPLE, 1000)})
    assert "300 graded, 0 unchanged, 0 failed" in autograder(released, "grade", TINY).out
    points = _points_by_hand(load_course(released))
    assert len(set(points.values())) == 300

    assert autograder(released, "feedback", TINY, "--zip", "moodle").status == 0
    with zipfile.ZipFile(released / "class" / f"feedback-{TINY}-moodle.zip") as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    for n, person in enumerate(PEOPLE, 1000):
        page = pages.pop(_moodle(*person, n).replace("/", "_").replace(".ipynb", ".html"))
        assert f"{points[n]:g}</strong> of" in page
    assert pages == {}

    worksheet, filled = tmp_path / "worksheet.csv", tmp_path / "filled.csv"
    rows = [[f"Participant {n}", " ".join(person), "", "5"] for n, person in enumerate(PEOPLE, 1000)]
    with worksheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("Identifier", "Full name", "Grade", "Maximum grade"), *rows])
    autograder(released, "export", str(filled), "--format", "moodle-worksheet", "--template", str(worksheet))
    with filled.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))[1:]
    assert found == [[row[0], row[1], f"{points[int(row[0][12:])]:g}", "5"] for row in rows]

    for form in ("csv", "course"):
        exported = tmp_path / f"{form}.csv"
        autograder(released, "export", str(exported), "--format", form, "--excel")
        done = autograder(released, "roster", "read", str(exported))
        assert "300 students in the list, 0 new in the class" in done.out
        assert done.err == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("राम शर्मा", "रमा शर्मा"),
        ("علی‌رضا", "علیرضا"),
        ("Ann Alee", "Anna Lee"),
        ("Müller", "Muller"),
        ("Семён", "Семен"),
        ("O Neil", "Neil"),
    ],
)
def test_two_names_are_two_people(one, other):
    everybody = ClassList([Person("one", "", one)])
    assert everybody.find(Submitter("moodle", other, "7"))[0] is None


@pytest.mark.parametrize(
    ("listed", "spelled"),
    [
        (("Zoe\u0308", "King"), "Zo\u00eb King"),
        (("Seán", "O'Neil"), "SEÁN O\u2019NEIL"),
        (("Seán", "O'Neil"), "Seán ONeil"),
        (("Ada", "King"), "King, Ada"),
        (("小明", "王"), "王小明"),
        (("Jean-Luc", "Picard"), "jean luc picard"),
        (("Ann/Bea", "Lee (Lou)"), "AnnBea Lee (Lou)"),
    ],
)
def test_one_name_in_two_spellings_is_one_person(listed, spelled):
    everybody = ClassList([Person("one", *listed), Person("two", "Some", "Body")])
    assert everybody.find(Submitter("moodle", spelled, "7"))[0].id == "one"


def test_where_clues_contradict_each_other_it_is_nobodys():
    everybody = ClassList([Person("ada", "Ada", "King", number="1"), Person("ben", "Ben", "Lee", number="2")])
    found, why = everybody.find(Submitter("canvas", "kingada", "2"))
    assert found is None
    assert "has the number 2 of Ben Lee (ben) and another name" in why
    assert everybody.find(Submitter("files", "ada"))[0].id == "ada"
    both = ClassList([Person("7", "Ada", "King"), Person("ben", number="7")])
    assert both.find(Submitter("files", "7"))[0] is None


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("o'neil", "o-neil"),
        ("a/b@x.edu", "a-b@x.edu"),
        ("Ann (Lou)", "Ann -Lou"),
        ("=cmd()", "cmd"),
        ("../etc", "etc"),
        ("", ""),
        ("...", ""),
        ("x" * 300, "x" * 91 + "-" + names.short_digest("x" * 300)),
    ],
)
def test_a_safe_form_stands_beside_what_cannot_name_a_folder(text, safe):
    assert names.safe_id(text) == safe
    assert safe == "" or names.is_safe(safe)
