"""Grading written answers by question: what is saved, who may, and what the page shows."""

import http.client
import json
import re
import threading
from contextlib import contextmanager

import pytest

from autograder.classroom import gradebook
from autograder.classroom.by_hand import server
from autograder.classroom.by_hand.questions import (
    Own,
    Question,
    earlier_comments,
    proposed_lines,
    questions,
    rubric,
    sheets,
)
from autograder.classroom.collect.people import Person
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from autograder.classroom.report.classes import Names
from tests.support.courses import TINY
from tests.support.written import write_answer

QUESTION = Question(TINY, TINY, "explain")
PLACE = f"{TINY}/{TINY}/explain"


def _desk(course, hidden=False):
    people = {"ada": Person("ada", "Ada", "Moreau", ""), "ben": Person("ben", "Ben", "Nowak", "")}
    return server.Desk(load_course(course), [TINY], server.Aliases(Names(people, hidden), b"secret"))


@pytest.fixture
def desk(graded):
    for student in ("ada", "ben"):
        write_answer(graded, student, f"It doubles, says {student}.")
    desk = _desk(graded)
    assert desk.get(desk.path + PLACE).status == 200
    return desk


def _post(desk, **told):
    reply = desk.post(desk.path + PLACE, json.dumps(told).encode())
    return reply.status, json.loads(reply.text)


def _save(desk, student, points, comment="", seen=(None, "")):
    return _post(
        desk,
        do="save",
        answer=desk.people.key(student),
        points=points,
        comment=comment,
        seen={"points": seen[0], "comment": seen[1]},
    )


def _row(desk, student):
    with gradebook.opened(desk.course) as book:
        place = ("explain", TINY, TINY, student)
        grade, comment = book.find_grade(*place), book.find_comment(*place)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_points_and_a_comment_are_what_the_formgrader_would_have_written(desk, autograder):
    assert _row(desk, "ada") == (None, True, None)
    status, told = _save(desk, "ada", 1.5, "Say why.\nAnd how.")
    assert (status, told["waits"]) == (200, False)
    assert _row(desk, "ada") == (1.5, False, "Say why.\nAnd how.")
    assert _row(desk, "ben")[0] is None
    assert autograder(desk.course.root, "feedback", TINY).status == 0
    page = (desk.course.feedback("ada", TINY) / f"{TINY}.html").read_text(encoding="utf-8")
    assert "Say why." in page
    assert "1.5 / 2" in page
    assert records.scores(desk.course, TINY)["ada"].points == 4.5


def test_points_that_are_taken_back_wait_for_a_person_again(desk):
    _save(desk, "ada", 2)
    assert _save(desk, "ada", None, seen=(2, ""))[1]["waits"] is True
    assert _row(desk, "ada") == (None, True, None)


def test_what_somebody_else_gave_meanwhile_is_shown_and_stays(desk):
    _save(desk, "ada", 2, "Right.")
    assert _save(desk, "ada", 0, "No.") == (409, {"given": {"points": 2.0, "comment": "Right."}})
    assert _row(desk, "ada") == (2.0, False, "Right.")
    assert _save(desk, "ada", 2, "No.", seen=(2, "Well."))[0] == 409
    assert _row(desk, "ada") == (2.0, False, "Right.")
    assert _save(desk, "ada", 0, "No.", seen=(2, "Right."))[0] == 200


@pytest.mark.parametrize("points", [-1, 2.5, 1e300])
def test_points_that_the_question_does_not_have_are_refused(desk, points):
    status, told = _save(desk, "ada", points)
    assert (status, "is not between 0 and 2 points" in told["error"]) == (422, True)
    assert _row(desk, "ada") == (None, True, None)


@pytest.mark.parametrize("points", [True, "2", float("nan")])
def test_what_is_no_number_is_refused(desk, points):
    assert _save(desk, "ada", points)[0] == 400
    assert _row(desk, "ada") == (None, True, None)


def test_the_rubric_is_kept_for_the_question_and_taken_from_the_instructors_answer(desk):
    own = Own(
        "",
        "Because.\n\n**Rubric.** 1 point: the chain\nrule, e.g. here. 0.5 points: the slope, 0.25 or less.",
    )
    assert proposed_lines(own) == [("the chain rule, e.g", 1.0), ("the slope, 0.25 or less", 0.5)]
    assert (
        _post(desk, do="add", lines=[["Names  the rule", 2], ["Too long", 0], ["Wrong sign", -1]])[0] == 200
    )
    lines = rubric(desk.course, QUESTION)
    assert [line.said for line in lines] == ["Names the rule (+2)", "Too long", "Wrong sign (-1)"]
    status, told = _post(desk, do="remove", number=lines[1].number)
    assert (status, [line["words"] for line in told["lines"]]) == (200, ["Names the rule", "Wrong sign"])
    assert rubric(desk.course, Question(TINY, TINY, "other")) == []


def test_the_page_offers_the_rubric_of_the_instructors_answer_by_its_number_of_lines(desk):
    own = Own("## Why?", "1 point: the chain rule. 2 points: the slope.")
    page = server.question_page(QUESTION, own, [], [], desk.people, "nonce")
    assert "Take the rubric from your own answer (2 lines)" in page
    assert "\N{PILCROW SIGN}" not in page


def test_earlier_comments_are_offered_the_commonest_first_without_the_rubrics_lines(desk):
    _post(desk, do="add", lines=[["Names the rule", 2]])
    _save(desk, "ada", 2, "Names the rule (+2)\nShorter, please.")
    _save(desk, "ben", 1, "Say why.\nShorter, please.")
    found = earlier_comments(sheets(desk.course, QUESTION), rubric(desk.course, QUESTION))
    assert found == ["Shorter, please.", "Say why."]


def test_what_students_write_is_formatted_and_cannot_act(graded):
    write_answer(
        graded, "ada", "**Bold** <script>steal()</script> <img src=x onerror=steal()> [x](javascript:steal())"
    )
    desk = _desk(graded)
    page = desk.get(desk.path + PLACE).text
    assert "<strong>Bold</strong>" in page
    assert "onerror=steal" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert "<script>steal" not in page
    assert 'href="javascript' not in page
    assert len(re.findall(r"<script", page)) == 2  # the page's own
    assert "script-src 'nonce-" in page


def test_hidden_names_are_nowhere_on_the_page(graded):
    write_answer(graded, "ada", "As Ada Moreau I say no.")
    named = _desk(graded)
    assert "Ada Moreau (ada)" in named.get(named.path + PLACE).text
    desk = _desk(graded, hidden=True)
    page = desk.get(desk.path + PLACE).text
    assert not re.findall(r"\b(?:ada|ben|moreau|nowak)\b", page, flags=re.I)
    assert "I say no." in page
    assert _save(desk, "ada", 1)[0] == 200
    assert _row(desk, "ada")[0] == 1


def test_the_index_says_how_many_answers_wait(desk):
    _save(desk, "ada", 1)
    [question] = questions(desk.course, [TINY])
    assert (question.cell, question.max_points, question.waiting) == ("explain", 2.0, 1)
    assert f'<a href="{PLACE}">Explain</a>' in desk.get(desk.path).text
    assert "1 answer to grade" in desk.get(desk.path).text


@contextmanager
def _served(desk):
    with server.serving(desk, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield serving.server_port
        finally:
            serving.shutdown()
            thread.join()


def test_only_who_has_the_address_and_comes_from_the_page_itself_is_answered(desk):
    told = {"do": "save", "answer": desk.people.key("ada"), "points": 2, "comment": ""}
    body = json.dumps(told | {"seen": {"points": None, "comment": ""}})

    def ask(method, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(method, path, body if method == "POST" else None, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with _served(desk) as port:
        plain, here = {"Content-Type": "application/json"}, f"http://127.0.0.1:{port}"
        page = desk.path + PLACE
        assert ask("GET", "/") == ask("GET", f"/{'x' * 32}/{PLACE}") == 404
        assert ask("GET", page, Host="evil.example") == ask("GET", page, Origin="http://evil.example") == 403
        assert ask("POST", "/" + PLACE, **plain) == 404
        assert ask("POST", page, **plain, Host=f"evil.example:{port}") == 403
        assert ask("POST", page, **plain, Origin="http://evil.example") == 403
        assert ask("POST", page, **{"Content-Type": "text/plain"}) == 403
        assert _row(desk, "ada") == (None, True, None)
        assert ask("GET", desk.path) == ask("GET", page) == ask("POST", page, **plain, Origin=here) == 200
    assert _row(desk, "ada")[0] == 2


def test_an_answer_that_has_gone_meanwhile_is_told_in_a_line(desk):
    with gradebook.opened(desk.course) as book:
        book.remove_submission(TINY, "ada")
    status, told = _save(desk, "ada", 1)
    assert (status, told["error"]) == (422, "the gradebook no longer has this answer: load the page again.")
    assert desk.get(f"{desk.path}{TINY}/{TINY}/other").status == 404
    assert desk.post(f"{desk.path}other/{TINY}/explain", b"{}").status == 404
