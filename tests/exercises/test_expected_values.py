"""No test hands over what another test expects: arguments never hold another function's answer."""

import numpy as np
import pytest

from tests.support import answers

ASSIGNMENTS = answers.assignments()


class Watched(np.ndarray):
    """A result of a student's function. What is computed from it tells the student nothing new."""


def watched(value):
    """Return a result with its arrays marked; NumPy keeps the mark in what follows from them."""
    if isinstance(value, (tuple, list)):
        return type(value)(watched(part) for part in value)
    return value.view(Watched) if isinstance(value, np.ndarray) and value.ndim else value


def rows(value):
    """Yield the rows of numbers in a value that a test made itself and that tell anything: not 0, 1 and the like."""
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from rows(part)
    elif isinstance(value, np.ndarray) and value.ndim and value.size and not isinstance(value, Watched):
        for row in np.atleast_2d(value).reshape(-1, value.shape[-1]):
            if np.any(row * 2 != np.round(row * 2)):
                yield tuple(np.round(np.asarray(row, dtype=float), 9).tolist())


def calls(assignment):
    """Run an assignment's tests with the right answers; return each call as function, arguments and result."""
    made, names = [], {"__name__": "__main__"}
    functions = answers.reference(assignment)
    for cell in answers.source_notebook(assignment).cells:
        name = answers.grade_id(cell)
        if cell.cell_type == "code":
            exec(functions.get(name, cell.source), names)
        if name in functions:
            names[name] = _recorded(names[name], name, made)
    return made


def _recorded(function, name, made):
    depth = []

    def call(*args, **options):
        depth.append(name)
        try:
            result = function(*args, **options)
        finally:
            depth.pop()
        made.append((name, args, result))
        return watched(result)

    return call


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_argument_is_what_another_test_expects(assignment):
    made = calls(assignment)
    assert made
    given = {row: name for name, args, _ in made for row in rows(list(args))}
    told = [
        (name, given[row], row)
        for name, args, result in made
        for row in rows(result)
        if row in given and row not in set(rows(list(args)))
    ]
    assert not told, f"{told[0][1]} is given what {told[0][0]} should return: {told[0][2]}"


def test_what_is_handed_over_is_found():
    """The cache of backward, had it been that of a network on which forward is tested."""
    made = calls("07-network")
    forward = next((args, result) for name, args, result in made if name == "forward")
    rows_of_cache = set(rows(list(forward[1])))
    assert rows_of_cache
    assert rows_of_cache & {row for _, _, result in made for row in rows(result)}
