"""The pages for grading by hand, all questions and all answers to one of them, served to one browser on this machine.

The address holds a secret, so that nobody else on the machine, and no other site in the browser, can read or write.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup, escape

from autograder.classroom.by_hand import marks
from autograder.classroom.by_hand.questions import (
    ByHand,
    Own,
    Question,
    RubricLine,
    Sheet,
    add_lines,
    earlier_comments,
    own,
    proposed_lines,
    questions,
    remove_line,
    rubric,
    sheets,
)
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.pages.templating import markdown, render
from autograder.classroom.report.classes import Names

HTML, JSON = "text/html; charset=utf-8", "application/json"
_LARGEST = 200_000  # bytes of a request
_HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Aliases:
    """How the page calls students: by name, or where names are hidden by a number, in an order that tells nothing."""

    names: Names
    secret: bytes

    def key(self, student: str) -> str:
        """What stands for a student on the page."""
        return hmac.new(self.secret, student.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def order(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The order on the page."""
        return (
            sorted(sheets, key=lambda sheet: self.key(sheet.student)) if self.names.hidden else list(sheets)
        )

    def called(self, student: str) -> str:
        """The student's name and id, empty where names are hidden."""
        if self.names.hidden:
            return ""
        name = self.names.called(student)
        return f"{name} ({student})" if name else student


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    status: int
    text: str
    kind: str = JSON


@dataclass
class Desk:
    """A person's place to grade at: some assignments' questions behind a secret."""

    course: Course
    assignments: Sequence[str]
    people: Aliases
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _shown: dict[str, str] = field(default_factory=dict)  # students by what stands for them on a page

    @property
    def path(self) -> str:
        """Where the pages begin."""
        return f"/{self.token}/"

    def get(self, path: str) -> Reply:
        """Answer a request for a page."""
        if not path.startswith(self.path):
            return _error(404, "there is no such page")
        if path == self.path:
            return Reply(200, _index([(one, _address(one)) for one in self._questions()]), HTML)
        asked = next((one for one in self._questions() if one == self._question(path)), None)
        if asked is None:
            return _error(404, "there is no such question")
        lines, answers = rubric(self.course, asked), sheets(self.course, asked)
        self._shown |= {self.people.key(one.student): one.student for one in answers}
        nonce = secrets.token_urlsafe(16)
        page = question_page(asked, own(self.course, asked), answers, lines, self.people, nonce)
        return Reply(200, page, HTML)

    def post(self, path: str, body: bytes) -> Reply:
        """Do what a page's script asks for: save an answer's points, or change the rubric."""
        asked = self._question(path)
        if asked is None:
            return _error(404, "there is no such question")
        try:
            return self._do(asked, json.loads(body))
        except marks.Meanwhile as error:
            return Reply(409, json.dumps({"given": asdict(error.given)}))
        except CourseError as error:
            return _error(422, str(error))
        except (ValueError, KeyError, TypeError):
            return _error(400, "this is no request of the page's")

    def _do(self, asked: Question, told: dict[str, Any]) -> Reply:
        if told["do"] == "save":
            return self._save(asked, told)
        if told["do"] == "add":
            add_lines(self.course, asked, [(str(words), _number(points)) for words, points in told["lines"]])
        elif told["do"] == "remove":
            remove_line(self.course, asked, int(told["number"]))
        else:
            raise ValueError
        return Reply(200, json.dumps({"lines": _as_json(rubric(self.course, asked))}))

    def _save(self, asked: Question, told: dict[str, Any]) -> Reply:
        student = self._shown[told["answer"]]
        given = _given(told)
        waits = marks.save(self.course, asked, student, given, _given(told["seen"]))
        return Reply(200, json.dumps({"given": asdict(given), "waits": waits}))

    def _questions(self) -> list[Question]:
        return questions(self.course, list(self.assignments))

    def _question(self, path: str) -> Question | None:
        """The question that an address means, None if that is not of the desk's assignments."""
        parts = [unquote(part) for part in path.removeprefix(self.path).split("/")]
        if not path.startswith(self.path) or len(parts) != 3 or parts[0] not in self.assignments:
            return None
        return Question(parts[0], parts[1], parts[2])


def serving(desk: Desk, port: int, bind: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server of the pages, for this machine alone unless bound otherwise; with port 0 on one that is free."""
    handler = type("Handler", (_Handler,), {"desk": desk})
    return ThreadingHTTPServer((bind, port), handler)


class _Handler(BaseHTTPRequestHandler):
    desk: Desk

    def do_GET(self) -> None:
        """Send a page."""
        self._send(self.desk.get(self.path) if self._is_ours() else _error(403, "this address is not ours"))

    def do_POST(self) -> None:
        """Take what a page's script sends."""
        length = int(self.headers.get("Content-Length") or 0)
        if not self._is_ours() or self.headers.get("Content-Type") != JSON:
            return self._send(_error(403, "this address is not ours"))
        if length > _LARGEST:
            return self._send(_error(413, "this is too long"))
        return self._send(self.desk.post(self.path, self.rfile.read(length)))

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the terminal is for people."""

    def _is_ours(self) -> bool:
        """Whether the browser means this machine by its name, and no other site sent it here."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        return urlsplit(f"//{host}").hostname in _HOSTS and origin in (None, f"http://{host}")

    def _send(self, reply: Reply) -> None:
        data = reply.text.encode("utf-8", "replace")
        self.send_response(reply.status)
        for name, value in {**_HEADERS, "Content-Type": reply.kind, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _address(question: Question) -> str:
    """A question's address below the desk's."""
    return "/".join(quote(part, safe="") for part in (question.assignment, question.notebook, question.cell))


def _given(told: dict[str, Any]) -> ByHand:
    points = None if told["points"] is None else _number(told["points"])
    return ByHand(points, str(told["comment"]).replace("\r\n", "\n").strip("\n"))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)


def _error(status: int, text: str) -> Reply:
    return Reply(status, json.dumps({"error": text}))


def _index(questions: Sequence[tuple[Question, str]]) -> str:
    """All questions with their addresses."""
    groups = groupby(questions, key=lambda pair: pair[0].assignment)
    return render("by_hand_index.html", groups=[(name, list(pairs)) for name, pairs in groups])


def question_page(
    asked: Question,
    own: Own,
    sheets: Sequence[Sheet],
    lines: Sequence[RubricLine],
    people: Aliases,
    nonce: str,
) -> str:
    """All answers to one question; the page's own script is the only one that runs, by its nonce."""
    proposed = proposed_lines(own)
    start = {"lines": _as_json(lines), "earlier": earlier_comments(sheets, lines), "proposed": proposed}
    return render(
        "by_hand.html",
        question=asked,
        asked=markdown(own.asked),
        own=markdown(own.answer),
        proposed=proposed,
        answers=[_answer(place, one, people) for place, one in enumerate(people.order(sheets), 1)],
        start=start,
        nonce=nonce,
    )


def _as_json(lines: Sequence[RubricLine]) -> list[dict[str, Any]]:
    """The rubric for the page's script."""
    return [{**asdict(line), "said": line.said} for line in lines]


def _answer(place: int, sheet: Sheet, people: Aliases) -> dict[str, Any]:
    name = people.called(sheet.student)
    source = people.names.masked(sheet.answer.source, sheet.student)
    points = sheet.judged if sheet.given.points is None else sheet.given.points
    return {
        "key": people.key(sheet.student),
        "name": name,
        "called": name or f"answer {place}",
        "html": markdown(source, sheet.answer.pictures) if sheet.answer.written else "",
        "source": source,
        "outputs": sheet.answer.outputs,
        "blank": not source.strip() or sheet.remark == "No response.",
        "points": "" if points is None else f"{points:g}",
        "judged": "" if sheet.judged is None else f"{sheet.judged:g}",
        "comment": sheet.given.comment,
        "seen": Markup(escape(json.dumps(asdict(sheet.given)))),
        "waits": sheet.waits,
        "extra": sheet.extra,
    }
