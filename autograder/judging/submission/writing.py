"""Writing a graded notebook: outcomes become ordinary nbformat outputs, in bytes that depend on nothing else.

What nbgrader later reads a score from is written so that only the judge decides it: text that student
code wrote during a test is never a result and never on stderr, which nbgrader would score.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.judging.outcome import Outcome
from autograder.judging.submission.assignment import Assignment, SourceCell
from autograder.judging.submission.pieces import Piece

Json = dict[str, Any]

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_node(pieces: Sequence[Piece], outcomes: Mapping[int, Outcome], record: Json) -> Json:
    """A notebook of format 4.5 as plain JSON values.

    `outcomes` are those of the pieces that ran, by index; `record` goes into the metadata as `autograder`.
    """
    own_text = any(piece.cell_type == "markdown" and not piece.origin for piece in pieces)
    cells = []
    count = 0
    for index, piece in enumerate(pieces):
        outcome = outcomes.get(index)
        count += outcome is not None
        cells.append(_cell(piece, index, outcome, count, own_text))
    metadata = {**KERNEL, "autograder": record}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def to_bytes(notebook: Json) -> bytes:
    """The notebook's bytes: a line for each cell, which is quicker to write than nbformat's indented form."""
    cells = ",\n".join(_compact(cell) for cell in notebook["cells"])
    rest = _compact({key: value for key, value in notebook.items() if key != "cells"})
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'.encode()


_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False).encode


def _compact(value: Json) -> str:
    return _write(value)


def pieces_of(notebook: Json, assignment: Assignment) -> tuple[Piece, ...]:
    """The pieces of a notebook that `notebook_node` made: nothing else may be read in this trusting way."""
    return tuple(_piece(cell, assignment) for cell in notebook["cells"])


def _piece(cell: Json, assignment: Assignment) -> Piece:
    source = assignment.by_id.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
    state = cell["metadata"].get("autograder", {})
    attachments = tuple(cell.get("attachments", {}).items())
    if source and source.role in ("test", "readonly"):
        return Piece.of_instructor(source, restored=bool(state.get("restored")))
    code = cell["cell_type"] == "code" and state.get("run", True)
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    return Piece(
        cell["cell_type"], text, "student" if code else None, source, bool(state.get("restored")), attachments
    )


def _cell(piece: Piece, index: int, outcome: Outcome | None, count: int, own_text: bool) -> Json:
    cell: Json = {
        "id": _cell_id(piece, index),
        "cell_type": piece.cell_type,
        "metadata": _metadata(piece.origin, piece, own_text) if piece.origin else {},
        "source": piece.source.splitlines(keepends=True),
    }
    if piece.cell_type == "code":
        cell["execution_count"] = count if outcome else None
        cell["outputs"] = cell_outputs(outcome, count) if outcome else []
    elif piece.attachments:
        cell["attachments"] = dict(piece.attachments)
    return cell


def _cell_id(piece: Piece, index: int) -> str:
    named = re.sub(r"[^\w-]", "-", piece.id, flags=re.ASCII)[:60]
    return named or f"own--{index}"


def _metadata(source: SourceCell, piece: Piece, own_text: bool) -> Json:
    """The metadata that nbgrader gives the cell, from the instructor's side alone."""
    nbgrader: Json = {
        "cell_type": source.cell_type,
        "checksum": source.checksum,
        "grade": source.grade,
        "grade_id": source.id,
        "locked": source.locked,
        "schema_version": 3,
        "solution": source.solution,
        "task": source.role == "task",
    }
    if source.grade or source.role == "task":
        nbgrader["points"] = source.points
    if source.role == "answer" and piece.restored and own_text:
        del nbgrader["checksum"]
    locks = {"deletable": False} if source.solution else {"deletable": False, "editable": False}
    state: Json = {"restored": True} if piece.restored else {}
    if piece.cell_type == "code" and not piece.runs:
        state["run"] = False
    return {**locks, "nbgrader": nbgrader, **({"autograder": state} if state else {})}


def unanswered(piece: Piece, own_text: bool) -> bool:
    """Whether a written answer gets zero unseen, as nbgrader gives it to a cell that has its checksum.

    It does when its text is as released. If its cell had been deleted, only when the student wrote no text of
    their own that may be the answer.
    """
    source = piece.origin
    if source is None or source.role != "answer" or piece.source != source.released:
        return False
    return not (piece.restored and own_text)


def cell_outputs(outcome: Outcome, count: int) -> list[Json]:
    """The nbformat outputs of one cell; nbgrader finds no score in them but the judge's."""
    graded = outcome.cell.kind == "test"
    outputs = [_stream("stdout", outcome.stdout), _stream("stdout" if graded else "stderr", outcome.stderr)]
    outputs += [_stream("stdout", outcome.test_output)]
    outputs += [_shown("display_data", text) for text in outcome.displays]
    if outcome.error or outcome.skipped:
        outputs.append(_error(outcome))
    elif graded and outcome.value is not None:
        outputs.append({**_shown("execute_result", repr(outcome.value)), "execution_count": count})
    return [output for output in outputs if output]


def _shown(output_type: str, text: str) -> Json:
    data = {"text/plain": text.splitlines(keepends=True)}
    return {"output_type": output_type, "data": data, "metadata": {}}


def _stream(name: str, text: str) -> Json:
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)} if text else {}


def _error(outcome: Outcome) -> Json:
    if not outcome.error:
        text = "Not run: the time for this submission was spent."
        return {
            "output_type": "error",
            "ename": "TimeLimit",
            "evalue": text,
            "traceback": [f"TimeLimit: {text}"],
        }
    error = outcome.error
    lines = error.traceback.split("\n") if error.traceback else [f"{error.name}: {error.message}"]
    return {"output_type": "error", "ename": error.name, "evalue": error.message, "traceback": lines}
