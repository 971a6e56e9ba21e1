"""A grading process: reads tasks from a socket, judges them, sends reports back.

`python -m autograder.classroom.grade.child DESCRIPTOR`. It holds the tests, so student code never runs in it, but
in the confined workers that the judge starts. It ends when the other end of the socket does.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import threading
from functools import lru_cache
from multiprocessing.connection import Connection

from autograder.classroom.grade.task import Judged, JudgedNotebook, Rules, Task, engine, runs_on
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Template, Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.sandbox import CannotConfine


def main(descriptor: int) -> None:
    """Grade until there is nobody left to grade for."""
    threading.Thread(target=_end_with_the_other_side, args=(descriptor,), daemon=True).start()
    gc.freeze()  # what is imported by now stays: no collection has to look at it again
    connection = Connection(descriptor)
    template = Template()
    while True:
        task: Task = connection.recv()
        try:
            rules = task.rules
            warm = template.for_start(trusted=rules.trusted, packages=rules.packages)
            connection.send(grade_task(task, warm))
        except CannotConfine as error:
            connection.send(error)


def grade_task(task: Task, warm: Warm) -> Judged:
    """Grade all notebooks of a submission; the first that cannot be read is the reason for having none."""
    tests = dict(task.rules.notebooks)
    graded = []
    for name, data in task.notebooks:
        assignment = _assignment(name, tests[name], task.rules).with_own(task.files)
        result = grade(assignment, data, warm, task.rules.limits)
        if result.reason:
            return Judged(reason=result.reason, unreadable=name, engine=engine(), platform=runs_on())
        graded.append(_notebook(name, result))
    return Judged(tuple(graded), engine=engine(), platform=runs_on())


def _notebook(name: str, result: Graded) -> JudgedNotebook:
    points = {score.id: score.points for score in result.feedback}
    return JudgedNotebook(name, result.notebook, points, result.untouched, result.notes, result.layers)


@lru_cache(maxsize=16)
def _assignment(name: str, source: bytes, rules: Rules) -> Assignment:
    shared = dict(rules.shared).get(name, frozenset())
    return parse_assignment(name, source, rules.stubs, shared, rules.files, rules.kept)


def _end_with_the_other_side(descriptor: int) -> None:
    """A submission may take minutes: whoever waited for it may have been killed meanwhile."""
    poll = select.poll()
    poll.register(descriptor, select.POLLRDHUP)
    poll.poll()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
