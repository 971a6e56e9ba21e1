"""Writing a graded notebook: outcomes become ordinary nbformat outputs, in bytes that depend on nothing else.

What nbgrader later reads a score from is written so that only the judge decides it: text that student
code wrote during a test is never a result and never on stderr, which nbgrader would score.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.limits import Room
from autograder.judging.outcome import ErrorText, Outcome
from autograder.judging.pieces import Piece

Json = dict[str, Any]

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_node(pieces: Sequence[Piece], outcomes: Mapping[int, Outcome], record: Json) -> Json:
    """A notebook of format 4.5 as plain JSON values.

    `outcomes` are those of the pieces that ran, by index; `record` goes into the metadata as `autograder`.
    """
    cells = [_cell(*parts) for parts in _parts(pieces, outcomes)]
    return {"cells": cells, **_frame(record)}


def notebook_bytes(pieces: Sequence[Piece], outcomes: Mapping[int, Outcome], record: Json) -> bytes:
    """The same notebook as bytes: a line for each cell, which is quicker to write than nbformat's indented form."""
    cells = ",\n".join(_cell_text(*parts) for parts in _parts(pieces, outcomes))
    return f'{{"cells": [\n{cells}\n],\n{_compact(_frame(record))[1:]}\n'.encode()


def _frame(record: Json) -> Json:
    return {"metadata": {**KERNEL, "autograder": record}, "nbformat": 4, "nbformat_minor": 5}


def _parts(
    pieces: Sequence[Piece], outcomes: Mapping[int, Outcome]
) -> Iterator[tuple[Piece, int, Outcome | None, int, bool]]:
    """Each piece with its index, its outcome, how many ran so far, and whether there is own text anywhere."""
    own_text = _has_own_text(pieces)
    count, room = 0, Room()
    for index, piece in enumerate(pieces):
        outcome = outcomes.get(index)
        outcome = outcome and _fitted(outcome, room)
        count += outcome is not None
        yield piece, index, outcome, count, own_text


def _fitted(outcome: Outcome, room: Room) -> Outcome:
    """The outcome with as much text as there is room for in the notebook."""
    error = outcome.error
    texts = [outcome.stdout, outcome.stderr, outcome.test_output, *outcome.displays]
    if room.take(sum(map(len, texts)) + (len(error.message) + len(error.traceback) if error else 0)):
        return outcome
    out, err, printed, *displays = map(room.fit, texts)
    if error:
        error = replace(error, message=room.fit(error.message), traceback=room.fit(error.traceback))
    shown = tuple(filter(None, displays))
    return replace(outcome, stdout=out, stderr=err, test_output=printed, displays=shown, error=error)


def _cell_text(piece: Piece, index: int, outcome: Outcome | None, count: int, own_text: bool) -> str:
    """One cell as JSON. A locked cell that has nothing to show is the same in every submission: written once."""
    origin = piece.origin
    if origin is None or origin.solution or piece.restored or (outcome and not _shows_nothing(outcome)):
        return _compact(_cell(piece, index, outcome, count, own_text))
    key = count if outcome else -1
    text = origin.texts.get(key)
    if text is None:
        text = origin.texts[key] = _compact(_cell(piece, index, outcome, count, own_text))
    return text


def _shows_nothing(outcome: Outcome) -> bool:
    said = outcome.stdout or outcome.stderr or outcome.test_output or outcome.displays
    return outcome.passed and not said and outcome.value is None


_compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False).encode


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


def untouched(pieces: Sequence[Piece]) -> frozenset[str]:
    """The ids of the answers that are as they were released, as nbgrader tells by their checksums.

    It gives a written one zero unseen and comments "No response." on all. A written answer whose cell had been
    deleted is among them only when the student wrote no text of their own that may be the answer.
    """
    own_text = _has_own_text(pieces)
    return frozenset(piece.id for piece in pieces if _is_untouched(piece, own_text))


def _is_untouched(piece: Piece, own_text: bool) -> bool:
    source = piece.origin
    if source is None or not source.solution or source.role == "task" or piece.source != source.released:
        return False
    return not (source.role == "answer" and piece.restored and own_text)


def _has_own_text(pieces: Sequence[Piece]) -> bool:
    return any(piece.cell_type == "markdown" and not piece.origin for piece in pieces)


def cell_outputs(outcome: Outcome, count: int) -> list[Json]:
    """The nbformat outputs of one cell; nbgrader finds no score in them but the judge's."""
    graded = outcome.cell.kind == "test"
    outputs = [_stream("stdout", outcome.stdout), _stream("stdout" if graded else "stderr", outcome.stderr)]
    outputs += [_stream("stdout", outcome.test_output)]
    outputs += [_shown("display_data", text) for text in outcome.displays]
    if outcome.error:
        outputs.append(_error(outcome.error))
    elif graded and outcome.value is not None:
        outputs.append({**_shown("execute_result", repr(outcome.value)), "execution_count": count})
    return [output for output in outputs if output]


def _shown(output_type: str, text: str) -> Json:
    data = {"text/plain": text.splitlines(keepends=True)}
    return {"output_type": output_type, "data": data, "metadata": {}}


def _stream(name: str, text: str) -> Json:
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)} if text else {}


def _error(error: ErrorText) -> Json:
    lines = error.traceback.split("\n") if error.traceback else [f"{error.name}: {error.message}"]
    return {"output_type": "error", "ename": error.name, "evalue": error.message, "traceback": lines}
