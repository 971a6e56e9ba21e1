"""The instructor's own answers, run as a student's are: in a confined worker, never in the grading process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from autograder.judging.assignment import Assignment
from autograder.judging.forkserver import Warm
from autograder.judging.lending import kept
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell, RemoteCall
from autograder.judging.session import Session
from autograder.judging.wire import Encoder, WireError

_DAY = 86_400.0
_MOST_ASSIGNMENTS, _MOST_ANSWERS, _LONGEST = 4, 500, 1 << 16
_known: WeakKeyDictionary[Warm, dict[str, Reference]] = WeakKeyDictionary()


class Reference:
    """An assignment's own functions, in a worker of their own; what they return is remembered.

    Made by `reference`, read by what explains mistakes.
    """

    def __init__(self, assignment: Assignment, warm: Warm, limits: Limits) -> None:
        self._session = Session(warm, replace(limits, submission=_DAY), assignment.files)
        self._session.load(
            [
                Cell("student", cell.id, cell.source)
                for cell in assignment.cells
                if cell.cell_type == "code" and cell.role in ("readonly", "solution")
            ]
        )
        self._answers: dict[bytes, RemoteCall] = {}

    def call(self, function: str, *args: Any, **kwargs: Any) -> RemoteCall:
        """Call one of them; the call has its result or its error. The same call is made once."""
        try:
            key = Encoder().encode((function, args, tuple(kwargs.items())))
        except WireError:
            return self._session.call(function, *args, **kwargs)
        if key not in self._answers:
            answer = self._session.call(function, *args, **kwargs)
            if len(key) > _LONGEST:
                return answer
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = answer
        answer = self._answers[key]
        return replace(answer, result=kept(answer.result))

    def close(self) -> None:
        """End the worker."""
        self._session.close()


def reference(assignment: Assignment, warm: Warm, limits: Limits | None = None) -> Reference:
    """Return the instructor's answers to an assignment: the same for all submissions to one fork server."""
    answers = _known.setdefault(warm, {})
    if assignment.digest not in answers:
        if len(answers) >= _MOST_ASSIGNMENTS:
            answers.pop(next(iter(answers))).close()
        answers[assignment.digest] = Reference(assignment, warm, limits or Limits())
    return answers[assignment.digest]
