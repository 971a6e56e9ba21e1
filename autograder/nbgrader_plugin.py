"""The judge inside nbgrader: `nbgrader autograde` and the formgrader's button grade with it.

`nbgrader_config.py` names the classes here in nbgrader's own lists. An exporter reads what was handed in
without trusting it, one preprocessor restores the notebook, one judges it and writes the outcomes as
ordinary outputs, from which nbgrader's `SaveAutoGrades` takes the scores as ever. Another exporter makes
`nbgrader generate_feedback` write the course's own feedback page.
"""

import atexit
import json
import logging
import stat
import sys
from pathlib import Path
from typing import Any

import nbformat as typed_nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import ClearSolutions, GetGrades, NbGraderPreprocessor
from traitlets import Bool, Float, Integer, List, Unicode

from autograder.classroom import beside, ways
from autograder.classroom.course import Course, load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.grade import rules
from autograder.classroom.pages import feedback
from autograder.judging import writing
from autograder.judging.assignment import Assignment, Stubs, instantiated, parse_assignment
from autograder.judging.forkserver import Template, Warm
from autograder.judging.grading import grade_restored
from autograder.judging.limits import Limits
from autograder.judging.reading import MAX_BYTES, Handed, Unreadable, read_notebook
from autograder.judging.restoring import Submission, restore
from autograder.judging.sandbox import CannotConfine

Resources = dict[str, Any]

nbformat: Any = typed_nbformat  # has types for some functions only


class SubmissionExporter(NotebookExporter):
    """Reads a submission as bytes: what nbformat would fail on is read, or refused in one line."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)  # type: ignore[no-untyped-call]
        _say_refusals_in_a_line(self.log)
        judge = JudgeSubmission(parent=self)
        try:
            judge.warm()
        except CannotConfine as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None

    def from_filename(  # type: ignore[override]
        self, filename: str, resources: Resources | None = None, **settings: Any
    ) -> tuple[str, Resources]:
        """Converts the notebook in a file; raises `Unreadable` with one line if there is none."""
        resources = resources or {}
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        if self._reads_own_output():
            node = nbformat.read(filename, as_version=4)
        else:
            node = nbformat.from_dict(_as_handed(_read(Path(filename), resources)))
        convert: Any = self.from_notebook_node
        converted: tuple[str, Resources] = convert(node, resources=resources, **settings)
        return converted

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Resources | None = None, **settings: Any
    ) -> tuple[str, Resources]:
        """Converts a notebook; the judge's is written as `autograder grade` writes it, to the byte.

        Where a course has more preprocessors and they changed it, it is written as nbformat does.
        """
        export: Any = super().from_notebook_node
        text, resources = export(nb, resources, **settings)
        judged = resources.pop("judged", "")
        same = judged and nbformat.reads(judged, as_version=4) == nbformat.reads(text, as_version=4)
        return (judged if same else text), resources

    def _reads_own_output(self) -> bool:
        """Nbgrader converts twice: what was handed in, then the restored notebook that was written."""
        return not getattr(self.parent, "_sanitizing", True)


def _read(path: Path, resources: Resources) -> Handed:
    """What was handed in; a refusal names whose it is."""
    try:
        return read_notebook(_regular_file(path))
    except Unreadable as error:
        student = resources.get("nbgrader", {}).get("student", "")
        raise Unreadable(f"{student} {path.name}: {error}".strip()) from None


def _regular_file(path: Path) -> bytes:
    """The bytes of a file that is neither a link, a folder nor a pipe (opening one would wait for ever)."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{path.name} is not a file of its own but a link, a folder or a pipe.")
        if status.st_size > MAX_BYTES:
            raise Unreadable(f"{path.name} is too large: {status.st_size >> 20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.") from None


def _as_handed(handed: Handed) -> dict[str, Any]:
    """What was read, as a notebook that is valid and claims what was claimed."""
    cells = []
    for index, cell in enumerate(handed.cells):
        claims = {"grade_id": cell.grade_id, "points": cell.points}
        written: dict[str, Any] = {
            "id": f"handed-{index}",
            "cell_type": cell.cell_type,
            "metadata": {"nbgrader": claims} if cell.grade_id else {},
            "source": cell.source,
        }
        if cell.cell_type == "code":
            written |= {"outputs": [], "execution_count": None}
        elif cell.attachments:
            written["attachments"] = cell.attachments
        cells.append(written)
    metadata = {**writing.KERNEL, "autograder": {"read": list(handed.notes)}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


class KeepMistakes(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the known mistakes out of what students get, when an assignment is released."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Returns the notebook without what its metadata says to the grader alone."""
        nb.metadata.pop("autograder", None)
        return nb, resources


class RepairSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Restores what was deleted, doubled, edited or moved; replaces `OverwriteCells`."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Returns the restored notebook, without outputs, and in its metadata what was put right."""
        assignment = _assignment(self, resources["nbgrader"])
        handed = read_notebook(json.dumps(nb).encode())
        notes = nb.metadata.get("autograder", {}).get("read", [])
        submission = restore(assignment, Handed(handed.cells, tuple(notes)))
        for note in submission.notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        record = {"notes": list(submission.notes)}
        return nbformat.from_dict(writing.notebook_node(submission.cells, {}, record)), resources


class JudgeSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Judges a restored notebook; replaces `Execute`."""

    trust_submissions = Bool(
        False,
        help="Grade even where this machine cannot confine student code. Every result records it.",
    ).tag(config=True)
    seconds_per_call = Float(Limits.call, help="Time for one call of a student's function.").tag(config=True)
    seconds_per_cell = Float(Limits.cell, help="Time for one cell of the student's.").tag(config=True)
    seconds_per_submission = Float(Limits.submission, help="Time for a whole submission.").tag(config=True)
    packages = List(
        Unicode(),
        help="Packages that student code may import besides NumPy and the standard library; ['*']: all installed.",
    ).tag(config=True)
    megabytes = Integer(Limits.memory >> 20, help="Memory for student code.").tag(config=True)

    def warm(self) -> Warm:
        """The process that the workers of the assignment at hand are forked from; raises `CannotConfine`."""
        assignment = self.parent.parent.coursedir.assignment_id
        packages = beside.to_import(_course(self), assignment, self.packages)
        return _template.for_start(trusted=self.trust_submissions, packages=packages)

    def limits(self) -> Limits:
        """The budgets as configured."""
        return Limits(
            call=self.seconds_per_call,
            cell=self.seconds_per_cell,
            submission=self.seconds_per_submission,
            memory=self.megabytes << 20,
        )

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Returns the notebook with the outcomes as outputs."""
        names = resources["nbgrader"]
        assignment = _assignment(self, names)
        along = beside.students(
            _course(self).submitted(names["student"], names["assignment"]), assignment.files
        )
        notes = tuple(nb.metadata.get("autograder", {}).get("notes", []))
        submission = Submission(writing.pieces_of(nb, assignment), notes)
        graded = grade_restored(assignment.with_own(along), submission, self.warm(), self.limits())
        resources["judged"] = graded.notebook.decode()
        return nbformat.reads(resources["judged"], as_version=4), resources


_template = Template()  # one for the whole run of nbgrader, or life of the formgrader
atexit.register(_template.close)


def _course(preprocessor: NbGraderPreprocessor) -> Course:
    """The course that an exporter's preprocessor works for."""
    return load_course(Path(preprocessor.parent.parent.coursedir.root))


def _assignment(preprocessor: NbGraderPreprocessor, names: Resources) -> Assignment:
    """The instructor's notebook; raises `NbGraderException` if it is not what was released."""
    coursedir = preprocessor.parent.parent.coursedir
    folder = coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
    path = Path(coursedir.root, folder, f"{names['notebook']}.ipynb")
    cleared = ClearSolutions(parent=preprocessor)
    try:
        source = path.read_bytes()
    except OSError as error:
        raise NbGraderException(f"{path} is needed to grade: {error.strerror}.") from None
    stubs = Stubs(cleared.code_stub["python"], cleared.text_stub)
    course = _course(preprocessor)
    shared = ways.shared_tests(course, names["assignment"]).get(names["notebook"], {})
    files, kept = beside.instructors(course, names["assignment"])
    with Gradebook(names["db_url"]) as gradebook:
        found = gradebook.find_notebook(names["notebook"], names["assignment"])
        released = rules.released_cells(gradebook.db, found.id)
        made = instantiated(source, released.sources)
        assignment = parse_assignment(names["notebook"], made, stubs, frozenset(shared), files, kept)
        try:
            rules.require_same_points(names["assignment"], assignment, released)
        except CourseError as error:
            raise NbGraderException(str(error)) from None
    return assignment


def _say_refusals_in_a_line(log: logging.Logger) -> None:
    if not any(isinstance(known, _RefusalFilter) for known in log.filters):
        log.addFilter(_RefusalFilter())


class _RefusalFilter(logging.Filter):
    """Nbgrader logs a traceback for what it cannot convert; a refusal's one line says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        refused = sys.exc_info()[1]
        if not isinstance(refused, (Unreadable, NbGraderException)):
            return True
        if record.levelno == logging.ERROR and str(record.msg).startswith("Traceback"):
            record.msg, record.args = "%s", (str(refused),)
            return True
        return not str(record.msg).startswith("There was an error processing assignment: ")


class GradesForFeedback(GetGrades):  # type: ignore[misc]
    """Puts scores and comments into the notebook, and which cells a person has still to grade."""

    def _get_score(self, cell: NotebookNode, resources: Resources) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata["nbgrader"]["awaits_a_person"] = grade.manual_score is None and grade.auto_score is None


class FeedbackExporter(Exporter):
    """Makes `nbgrader generate_feedback` write the course's own page: nothing hidden, nothing that runs."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Resources | None = None, **settings: Any
    ) -> tuple[str, Resources]:
        """Returns the page; `GradesForFeedback` has put scores and comments into the notebook before."""
        node, resources = super().from_notebook_node(nb, resources, **settings)
        return feedback.page(node, resources["nbgrader"]), resources
