"""The report's pages say what they should, whatever names and answers are made of, and leave names out when asked."""

import re
from dataclasses import replace

import pytest

from autograder.classroom.collect.people import Person
from autograder.classroom.report import assignment, similar, writing
from autograder.classroom.report.assignment import Extras
from autograder.classroom.report.classes import Arrival, Names
from autograder.classroom.report.figures import verdict
from autograder.classroom.report.similar import Pair
from tests.classroom.reports import BOOK, DUE, Structure, item, made_up

POINTS = {
    f"s{n:02}": (4.0 if n % 3 else 0.0, 2.0 if n % 4 else 0.0, 4.0 if n % 2 else None) for n in range(24)
}
HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=alert(1)>\"><svg onload=alert(1)></pre></details>"
    "</code>'\"&lt;\x1b[31m\u202etxet\udcff <a href='javascript:alert(1)'>x</a><style>*{display:none}</style>"
)


def page_of(group, *, hidden=False, pairs=(), **extras):
    return assignment.page(group, Names(group.people, hidden), Extras("course", pairs, **extras))


def course_of(groups, *, hidden=False, pages=(BOOK,)):
    people = {key: person for group in groups for key, person in group.people.items()}
    return writing.course_page("course", groups, people, Names(people, hidden), set(pages), "today")


def hostile_class():
    """A class whose ids, names, answers, times of handing in and notes are all hostile."""
    group = made_up({HOSTILE.replace("/", "|"): (0.0, 0.0, None), **POINTS}, people=["absent" + HOSTILE])
    (who, *_) = group.graded
    group.people = {
        key: Person(key, HOSTILE, HOSTILE, HOSTILE) if HOSTILE[:8] in key else person
        for key, person in group.people.items()
    }
    bad = {"call": HOSTILE, "returned": f"{HOSTILE}: {HOSTILE}", "problem": HOSTILE, "raised": True}
    one = group.graded[who]
    one.title, one.engine, one.notes, one.digests = HOSTILE, HOSTILE, [HOSTILE], ["other"]
    one.layers = (HOSTILE,)
    one.items = {
        (BOOK, "f-values"): replace(
            item("f-values", False, HOSTILE), function=HOSTILE, title=HOSTILE, example=bad
        ),
        (BOOK, "f-shape"): replace(item("f-shape", False, HOSTILE), function=HOSTILE, title=HOSTILE),
        (BOOK, "explain"): item("explain", None),
    }
    one.answers = {HOSTILE: HOSTILE * 3000}
    group.hand_ins["z" + HOSTILE] = Arrival("z" + HOSTILE, None, False, "unreadable", HOSTILE)
    return group, who


def _is_harmless(page):
    found = Structure(page)
    assert not {"script", "img", "iframe", "object", "form", "input", "link"} & set(found.tags)
    assert found.tags.count("style") == 1
    for tag, name, value in found.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in ("src", "action"), (tag, name)
        if name == "href":
            assert re.fullmatch(r"#[a-z]+|[\w-]+\.html", value), value
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert page.encode()
    return found


def test_hostile_names_and_answers_are_text_on_both_pages():
    group, who = hostile_class()
    page = page_of(group, pairs=[Pair(who, "s01", (0.9, 0.8), 200)], unread={who: HOSTILE})
    found = _is_harmless(page)
    assert "document.title='ran'" in found.text
    assert len(page) < 200_000
    _is_harmless(course_of([group]))


def test_the_policy_of_the_pages_forbids_programs_and_requests():
    group = made_up(POINTS)
    for page in (page_of(group), course_of([group])):
        assert "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'" in page
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//|@import|url\((?!#)", page)


def test_headings_and_ids_are_in_order_and_every_drawing_has_words():
    page = page_of(made_up(POINTS, people=["zoe"]))
    found = Structure(page)
    assert len(set(found.ids)) == len(found.ids)
    assert found.tags.count("h1") == 1
    drawings = re.findall(r'<svg class="chart".*?</svg>', page, re.S)
    assert len(drawings) == 2
    assert all(
        re.search(r'role="img" aria-labelledby="([\w-]+)"><title id="\1">\w+', drawing)
        for drawing in drawings
    )
    for target in re.findall(r'href="#([a-z]+)"', page):
        assert target in found.ids


def test_the_page_says_the_numbers_in_words():
    text = Structure(page_of(made_up(POINTS, people=["zoe"]))).text
    assert "24 submissions have between 0 and 10 of 10 points." in text
    assert "12 answers still without points count as zero here." in text
    assert "Due was 09 Mar 2026 12:00; 16 were late." in text
    assert "1 student of the 25 in the gradebook." in text
    assert "24 submissions: landlock, seccomp" in text
    assert "the sign is wrong" in text
    assert "def f(z):\n    return -z" in text


def test_what_needs_a_person_is_told_with_what_to_do():
    group = made_up(POINTS)
    group.hand_ins["s02"] = replace(group.hand_ins["s02"], stage="changed")
    group.hand_ins["new"] = Arrival("new", DUE, False, "not graded")
    group.hand_ins["cut"] = Arrival(
        "cut", DUE, False, "unreadable", "class/x.ipynb: The notebook is cut off."
    )
    group.graded["s05"].layers = ("trusted",)
    group.graded["s06"].digests = ["older"]
    group.records.by_student["s07"].notebooks[BOOK].flagged = True
    text = " ".join(Structure(page_of(group)).text.split())
    for words in (
        "1 submission cannot be read.",
        "cut: class/x.ipynb: The notebook is cut off.",
        "1 submission not graded yet. Run autograder grade hw.",
        "1 submission handed in again after grading. Run autograder grade hw.",
        "12 submissions without points for Explain. Run autograder by-hand hw, or use the formgrader,",
        "1 submission flagged in the formgrader.",
        "1 submission graded by other tests than most.",
        "1 submission graded without confinement, as trusted.",
        "1 submission: nothing: the submissions were declared trusted",
    ):
        assert words in text, words


def test_repeated_hand_ins_are_counted():
    group = made_up(POINTS)
    group.hand_ins["s03"] = replace(group.hand_ins["s03"], times=4)
    assert "1 student handed in more than once; the last time counts here." in Structure(page_of(group)).text


def test_late_hand_ins_are_told_with_what_they_cost():
    group = made_up({"ann": (4.0, 2.0, 4.0), **{f"s{n}": (4.0, 2.0, 4.0) for n in range(9)}})
    group.records.by_student["s8"].notebooks[BOOK].penalty = 1.5
    text = " ".join(Structure(page_of(group)).text.split())
    assert "2 hand-ins came after the due date. 1 submission lost 1.5 points by it." in text
    assert 's8</code></th><td>2 h 0 min</td><td class="number">1.5' in page_of(group)
    assert group.records.by_student["s8"].score == 8.5


def test_an_anonymous_page_names_nobody():
    group = made_up({f"pupil{n:02}-quux": (0.0, 0.0, None) for n in range(12)}, people=["absent-quux"])
    group.people = {key: Person(key, "Fridolin", "Quux", "f@quux.org") for key in group.people}
    for graded in group.graded.values():
        graded.answers["f"] = f"# fridolin QUUX ({graded.student}) wrote this\ndef f(z):\n    return -z"
        graded.notes.append(f"{graded.student} deleted a cell")
    group.hand_ins["cut-quux"] = Arrival("cut-quux", DUE, True, "unreadable", "class/submitted/cut-quux: no")
    pairs = [Pair("pupil01-quux", "pupil02-quux", (0.9, 0.9), 300)]
    for page in (
        page_of(group, hidden=True, pairs=pairs, unread={"pupil03-quux": "pupil03-quux"}),
        course_of([group], hidden=True),
    ):
        assert not re.search("quux|fridolin|pupil", page, re.I)
    shown = page_of(group, hidden=True, pairs=pairs)
    assert "1 pair of submissions" in shown
    assert "wrote this" in shown


def test_likeness_is_said_to_be_no_proof_and_without_the_tool_how_to_get_it():
    group = made_up(POINTS)
    assert "Likeness is no proof." in page_of(group, pairs=[Pair("s01", "s02", (0.9, 0.7), 300)])
    assert similar.HOW_TO_GET in page_of(group, pairs=None)
    assert "No two submissions share" in page_of(group, pairs=[])


@pytest.mark.parametrize("size", [0, 1, 2])
def test_classes_of_almost_nobody_have_pages_too(size):
    group = made_up(dict(list(POINTS.items())[:size]))
    for page in (page_of(group), course_of([group])):
        Structure(page)
        assert "nan" not in page.lower().replace("nan (not", "")


def test_a_class_that_stock_nbgrader_graded_has_a_page():
    group = made_up(POINTS)
    for graded in group.graded.values():
        graded.layers, graded.engine, graded.digests, graded.title = None, "", [""], ""
        graded.items = {
            key: replace(one, passed=None, reasons=(), example=None) for key, one in graded.items.items()
        }
    text = Structure(page_of(group)).text
    assert "not by this judge" in text
    assert "only this course's own judge says in words what is wrong" in text


def test_a_discrimination_has_a_word():
    words = [verdict(value) for value in (-0.2, 0.05, 0.2, 0.4, 0.8)]
    assert words == ["backwards", "hardly", "weakly", "well", "very well"]


def test_the_course_page_links_pages_that_exist_and_names_whom_to_talk_to():
    first = made_up(POINTS, people=["nobody"])
    second = made_up(dict.fromkeys(list(POINTS)[:5], (0.0, 0.0, 0.0)), people=[*POINTS, "nobody"])
    second.records = replace(second.records, assignment="other")
    page = course_of([first, second])
    text = " ".join(Structure(page).text.split())
    assert f'<a href="{BOOK}.html">' in page
    assert "other.html" not in page
    assert "1 student handed in nothing at all." in text
    assert "less than 50" in text
    assert "Median of what is graded" in text
