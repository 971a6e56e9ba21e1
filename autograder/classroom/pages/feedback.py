"""What a student reads of a graded submission, as a page, and its files; sentences are in `templates/feedback.html`.

Test cells are never shown: of a test the page knows its name, points and the words that the judge chose. What the
student wrote and printed in their own cells is shown as text.

A page is written where it is new or grades have changed. `nbgrader generate_feedback` writes the same pages, but asks
the gradebook hundreds of times for each of them. Here it is read once, and a page takes milliseconds. A course whose
configuration names another exporter gets the pages of that one, by nbgrader's own converter.

They also go into a zip that Canvas or Moodle takes back: each file's name leads to its student.

- Canvas reads names as `AbstractAssignment#infer_comment_context_from_filename` in `app/models/abstract_assignment.rb`
  does, https://github.com/instructure/canvas-lms: the first two parts that are numbers are the user and the upload, and
  the upload must be one of the present submission. The file becomes an attachment of a comment, and Canvas lists it
  under the name of the student's own upload. The names are those of "How do I download all student submissions for an
  assignment?", Canvas Instructor Guide,
  https://community.instructure.com/en/kb/articles/660693-how-do-i-download-all-student-submissions-for-an-assignment
- Moodle, "Feedback files" in "Assignment settings", https://docs.moodle.org/en/Assignment_settings, reads names as
  `mod/assign/feedback/file/importziplib.php` does, https://github.com/moodle/moodle: they are of the form
  `<name>_<participant>_assignsubmission_file_<file>`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from autograder.classroom import converters, files
from autograder.classroom.collect import ledger
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, Result, State, attempt
from autograder.classroom.files import TIMESTAMP, packed
from autograder.classroom.gradebook import graded, records
from autograder.classroom.gradebook.graded import Answer, GradedNotebook, Json, RubricItem
from autograder.classroom.gradebook.records import Mark, NotebookGrades, Records, SubmissionRecord
from autograder.classroom.pages import languages, templating
from autograder.classroom.pages.languages import ENGLISH, Language
from autograder.classroom.pages.templating import render

MOST_CELLS = 200


@dataclass
class ItemLine:
    """One rubric item: its name, the points given (None: not graded yet) and what to say about it."""

    title: str
    points: float | None
    max_points: float
    reasons: list[str] = field(default_factory=list)
    example: Json | None = None


@dataclass
class Section:
    """One function or written answer: the student's text, the rubric, a person's comment."""

    title: str
    source: str = ""
    written: bool = False
    outputs: tuple[str, ...] = ()
    lines: list[ItemLine] = field(default_factory=list)
    findings: list[Json] = field(default_factory=list)
    comment: str = ""

    @property
    def lost(self) -> list[ItemLine]:
        """The items that did not get all their points, or are not graded yet."""
        return [line for line in self.lines if line.points is None or line.points < line.max_points]

    @property
    def is_wrong(self) -> bool:
        """Whether points were lost, not counting those that a person has still to give."""
        return any(line.points is not None for line in self.lost)

    @property
    def earned(self) -> list[ItemLine]:
        """The items that got all their points."""
        return [line for line in self.lines if line not in self.lost]

    @property
    def points(self) -> float | None:
        """The points so far, None if nobody has given any."""
        known = [line.points for line in self.lines if line.points is not None]
        return sum(known) if known else None

    @property
    def max_points(self) -> float:
        """The points that can be had."""
        return sum(line.max_points for line in self.lines)


def page(notebook: Json, info: Json, language: Language = ENGLISH) -> str:
    """The page as HTML.

    `notebook` is a graded notebook with nbgrader's scores and comments in the cells' metadata
    (`GetGrades`), `info` has the keys `student`, `assignment`, `score`, `max_score` and `late_penalty`.
    """
    found = graded.parse(notebook)
    questions = _questions(found, language.tell)
    score, most = float(info["score"] or 0), float(info["max_score"] or 0)
    return render(
        "feedback.html",
        tag=language.tag,
        say=language.say,
        tell=language.tell,
        student=info["student"],
        title=language.tell(found.title or info["assignment"]),
        score=score,
        max_score=most,
        share=max(0.0, min(1.0, score / most)) if most else 0.0,
        late_penalty=float(info["late_penalty"] or 0),
        waiting=sum(line.points is None for question in questions for line in question.lines),
        questions=questions,
        notes=found.notes,
        own_cells=found.own[:MOST_CELLS],
        trusted="trusted" in (found.layers or ()),
    )


def _questions(found: GradedNotebook, tell: Callable[[str], str]) -> list[Section]:
    """The questions that lost points, then the others, each test with the function that it belongs to."""
    questions: dict[str, Section] = {}
    for cell in found.cells:
        name = cell.name if isinstance(cell, Answer) else cell.function
        question = questions.setdefault(name, Section(name))
        if isinstance(cell, Answer):
            question.title, question.source, question.written = cell.title, cell.source, cell.written
            question.outputs, question.comment = cell.outputs, cell.about.get("comment") or ""
        else:
            question.lines.append(_line(cell, question))
    titles = {item.name: tell(item.title) for item in found.items}
    for finding in found.findings:
        if finding["function"] in questions:
            explained = [titles[name] for name in finding["items"] if name in titles]
            questions[finding["function"]].findings.append({**finding, "items": explained})
    asked = [question for question in questions.values() if question.lines]
    return sorted(asked, key=lambda question: not question.is_wrong)


def _line(item: RubricItem, question: Section) -> ItemLine:
    reasons = [] if item.cause else list(item.reasons)  # a cause is said once, above
    line = ItemLine(item.title, _points(item), float(item.about["points"]), reasons, item.example)
    if item.judged is not None and line.points != item.judged:
        line.reasons.append("A person set these points.")
    _shorten(question, line)
    return line


def _points(item: RubricItem) -> float | None:
    """The points in the gradebook, None while a person has still to give them (nbgrader's own sum says 0)."""
    score = item.about.get("score")
    return None if score is None or item.about.get("awaits_a_person") else float(score)


def _shorten(question: Section, line: ItemLine) -> None:
    """Shows a traceback once in a question, however many items fail by the same exception."""
    earlier = [other.example["returned"] for other in question.lines if other.example]
    if line.example and line.example["traceback"] and line.example["returned"] in earlier:
        line.example = {**line.example, "traceback": ""}


# By the first, nbgrader sees whether a page is up to date; by the second, its exchange finds the student.
_FOR_NBGRADER = (TIMESTAMP, "submission_secret.txt")
OWN_EXPORTER = "autograder.nbgrader_plugin.FeedbackExporter"


def graded_students(course: Course, assignment: str) -> list[str]:
    """Return the ids of those whose submission has been graded; raise CourseError if there are none."""
    course.require_assignment(assignment)
    known = records.read(course, assignment).by_student
    graded = [student for student in known if course.is_graded(student, assignment)]
    if not graded:
        raise CourseError(
            f"no submission of {assignment} is graded: first run `autograder grade {assignment}`."
        )
    return graded


def write_pages(
    course: Course, assignment: str, students: list[str], language: str = "en"
) -> Iterator[Result]:
    """Write one page for each notebook of each student and yield each result; none stops the others."""
    with files.locked(course.submitted("", "")):
        known = records.read(course, assignment, students)
        spoken = languages.language(course, language, assignment)
        for student in students:
            yield attempt(student, partial(_write_if_needed, course, known, student, spoken))


def _write_if_needed(course: Course, known: Records, student: str, language: Language) -> State:
    folder = course.feedback(student, known.assignment)
    files.recover(folder)
    record = known.by_student.get(student)
    if record is None:
        raise CourseError(f"the gradebook has no submission of {known.assignment}: grade it first.")
    graded = files.digest(course.autograded(student, known.assignment))
    stamp = files.combine(graded, _digest(record), _code_digest(), repr(language))
    if files.is_stamped(folder, stamp):
        return "unchanged"
    with files.replacing(folder):
        if course.config.GenerateFeedback.get("exporter_class") == OWN_EXPORTER:
            _write(course, known, record, folder, language)
        else:
            converters.run(course, "GenerateFeedback", known.assignment, student)
        files.write_stamp(folder, stamp)
    return "done"


def _write(
    course: Course, known: Records, record: SubmissionRecord, folder: Path, language: Language
) -> None:
    """Write the pages and what nbgrader wants beside them."""
    graded = course.autograded(record.student, known.assignment)
    folder.mkdir(parents=True)
    for path in sorted(graded.glob("*.ipynb")):
        page = _page(path, known, record, language)
        (folder / f"{path.stem}.html").write_text(page, encoding="utf-8", newline="")
    for name in _FOR_NBGRADER:
        path = graded / name
        if path.is_file() and not path.is_symlink():
            (folder / name).write_bytes(path.read_bytes())


def _page(path: Path, known: Records, record: SubmissionRecord, language: Language) -> str:
    own = record.notebooks.get(path.stem)
    if own is None:
        raise CourseError(f"the gradebook has no notebook {path.stem}: grade the submission again.")
    most = known.max_of(path.stem)
    info = {"student": record.student, "assignment": known.assignment, **_summary(own, most)}
    try:
        notebook = json.loads(path.read_bytes())
        _fill(notebook, own, most)
        return page(notebook, info, language)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(f"{path.name} as graded cannot be read: grade the submission again.") from error


def _fill(notebook: dict[str, Any], record: NotebookGrades, max_points: dict[str, float]) -> None:
    """Put scores, points and comments into the metadata of a notebook's cells, as nbgrader's `GetGrades` does.

    `max_points` are the points that can be had, by cell. Raises CourseError if the notebook has graded cells
    that the gradebook does not know.
    """
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        name = meta.get("grade_id", "")
        if meta.get("solution") or meta.get("task"):
            meta["comment"] = record.comments.get(name)
        if meta.get("grade") or meta.get("task"):
            if name not in record.marks or name not in max_points:
                raise CourseError(f"the gradebook has no {name}: grade the submission again.")
            _put(meta, record.marks[name], max_points[name])


def _put(meta: dict[str, Any], mark: Mark, max_points: float) -> None:
    meta["score"] = mark.points
    meta["points"] = max_points
    meta["awaits_a_person"] = not mark.given


def _summary(record: NotebookGrades, max_points: dict[str, float]) -> dict[str, float]:
    """What the head of the page says: the score after the penalty, the points to be had, the penalty."""
    points = sum(mark.points for mark in record.marks.values())
    return {
        "score": points - record.penalty,
        "max_score": sum(max_points.values()),
        "late_penalty": record.penalty,
    }


def _digest(record: SubmissionRecord) -> str:
    """A digest of all that a page takes from the gradebook; it changes when a person grades by hand."""
    parts = []
    for name, own in sorted(record.notebooks.items()):
        parts.append(f"{name} {own.penalty}")
        parts += [f"{cell} {mark}" for cell, mark in sorted(own.marks.items())]
        parts += [f"{cell} {text}" for cell, text in sorted(own.comments.items())]
    return files.combine(*parts)


@cache
def _code_digest() -> str:
    """A digest of the code that makes pages: another version of it writes them anew."""
    here = Path(__file__).parent
    modules = [path.read_text(encoding="utf-8") for path in sorted(here.glob("*.py"))]
    return files.combine(*modules, *templating.sources())


Platform = Literal["canvas", "moodle"]


def write_zip(
    course: Course, assignment: str, platform: Platform, students: list[str]
) -> tuple[Path, int, set[str]]:
    """Pack the pages of those students whose newest hand-in came from the platform, beside the folder of pages.

    Returns where, how many pages, and whose hand-in came from elsewhere. Raises CourseError if none came from there, or
    the zip cannot be written.
    """
    prefixes = {
        student: hand_in.prefix
        for student, hand_in in ledger.latest(course, assignment).items()
        if hand_in.source == platform and hand_in.prefix and student in students
    }
    if not prefixes:
        raise CourseError(
            f"no submission of {assignment} was collected from {platform.title()}, so none can be sent back there."
        )
    # the work of a group has one prefix: one member's page goes back for all
    one_each = {prefix: student for student, prefix in sorted(prefixes.items(), reverse=True)}
    path = course.feedback("", "").parent / f"feedback-{assignment}-{platform}.zip"
    with packed(path) as archive:
        for prefix, student in sorted(one_each.items()):
            for page in sorted(course.feedback(student, assignment).glob("*.html")):
                archive.put(f"{prefix}{page.name}", page.read_bytes())
        number = len(archive.namelist())
    return path, number, set(students) - prefixes.keys()
