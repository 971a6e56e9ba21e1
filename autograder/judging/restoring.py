"""From what a student handed in to the cells that run: the instructor's by `grade_id`, the student's between.

Whose a handed-in cell is, its id says, its text, or what it defines. Nothing that a notebook says about itself is
believed: the text, points and kind of every instructor's cell come from the assignment. What had to be put right is
said in `notes`, in words for the student.
"""

import ast
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.judging.assignment import Assignment, SourceCell, top_level_names
from autograder.judging.cell_code import parsed
from autograder.judging.pieces import Piece, place
from autograder.judging.reading import Handed, HandedCell

_EMPTY_BODY = re.compile(r"(pass|\.\.\.|return( None)?|raise NotImplementedError\b.*|#.*)?")
_KEPT = re.compile(r"\$\$[^$]+\$\$|\$[^$]+\$|`[^`\n]+`")  # formulas and code of a text
_WORDS = re.compile(r"\\text\{[^{}]*\}|\s")
_LONGEST_JOIN = 20_000
_MOST_JOINS = 50


@dataclass(frozen=True)
class Submission:
    """The restored notebook: its cells in the order in which they run, and what was put right."""

    cells: tuple[Piece, ...]
    notes: tuple[str, ...]


@dataclass
class _Restoring:
    assignment: Assignment
    handed: tuple[HandedCell, ...]
    owners: list[str | None]
    notes: list[str] = field(default_factory=list)
    made: dict[int, Piece] = field(default_factory=dict)

    def copies(self, grade_id: str) -> list[int]:
        return self._copies.get(grade_id, [])

    @cached_property
    def _copies(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, owner in enumerate(self.owners):
            if owner is not None:
                found.setdefault(owner, []).append(index)
        return found


def restore(assignment: Assignment, handed: Handed) -> Submission:
    """Restores the notebook that was handed in to the assignment's structure.

    The student's cells keep their order. Where the instructor's cells are in order, everything stays in
    place; a missing cell is put back where it was; a test above the code that it tests is moved below it.
    """
    cells = _join_split_cells(handed.cells)
    work = _Restoring(assignment, cells, _owners_of(assignment, cells), list(handed.notes))
    _note_wrong_notebook(work)
    for source in assignment.by_id.values():
        _RESTORERS.get(source.role, _restore_locked)(work, source)
    _keep_free_cells(work)
    order = [work.made[i] for i in sorted(work.made)]
    placed, moved = place(assignment, order)
    return Submission(placed, (*work.notes, *moved))


def _note_wrong_notebook(work: _Restoring) -> None:
    known = any(work.owners)
    answers = any(_defines(cell) & work.assignment.functions.keys() for cell in work.handed)
    if not known and not answers:
        name = work.assignment.name
        work.notes.append(
            f"Nothing of the assignment {name} was found in this notebook: is it the right file?"
        )


def _restore_locked(work: _Restoring, source: SourceCell) -> None:
    """A test or read-only cell: the instructor's text, at the place of the last copy that is like it."""
    copies = work.copies(source.id)
    if not copies:
        return
    same = [i for i in copies if _same_text(work.handed[i].source, source.released)]
    chosen = (same or copies)[-1]
    work.made[chosen] = Piece.of_instructor(source)
    changed = not same and not _is_translation(work.handed[chosen].source, source)
    _note_locked_changes(work, source, work.handed[chosen], changed)
    if len(copies) > 1:
        work.notes.append(f"The cell {source.id} was there {len(copies)} times; it counts once.")
    for index in copies:
        if index not in same and (index != chosen or _answers(work, index)):
            _run_beside(work, index, chosen)


def _answers(work: _Restoring, index: int) -> bool:
    """Whether a student wrote an answer into a cell of the instructor's."""
    return bool(_defines(work.handed[index]) & work.assignment.functions.keys())


def _run_beside(work: _Restoring, index: int, chosen: int) -> None:
    """An edited copy of an instructor's cell is the student's own cell."""
    piece = Piece.of_student(work.handed[index])
    if index == chosen:
        work.made[index] = work.made[index].after(piece)
    else:
        work.made[index] = piece


def _note_locked_changes(work: _Restoring, source: SourceCell, cell: HandedCell, changed: bool) -> None:
    what = "test cell" if source.role == "test" else "cell"
    if changed:
        work.notes.append(f"The {what} {source.id} was changed; the instructor's version was used.")
    elif cell.cell_type != source.cell_type:
        work.notes.append(f"The {what} {source.id} had become a {cell.cell_type} cell; it was restored.")
    _note_points(work, source, cell)


def _note_points(work: _Restoring, source: SourceCell, cell: HandedCell) -> None:
    claimed = cell.points
    if source.grade and claimed is not None and not isinstance(claimed, bool) and claimed != source.points:
        work.notes.append(f"The points of {source.id} were changed in the notebook; {source.points:g} count.")


def _restore_solution(work: _Restoring, source: SourceCell) -> None:
    """A code answer: each copy that is one runs, in the order given; the one that defines it has the id."""
    copies = work.copies(source.id)
    if not copies:
        return
    answered = [i for i in copies if not _is_unanswered(work.handed[i].source, source)]
    elsewhere = _defined_elsewhere(work, source)
    running = answered or ([] if elsewhere else copies[-1:])
    defining = [i for i in running if _defines(work.handed[i]) & source.defines]
    keeper = (defining or running or copies)[-1]
    for index in copies:
        if index == keeper:
            work.made[index] = Piece.of_answer(source, work.handed[index], runs=index in running)
        elif index in running:
            work.made[index] = Piece.of_student(work.handed[index], as_code=True)
    _note_solution(work, source, copies, answered, elsewhere)


def _defined_elsewhere(work: _Restoring, source: SourceCell) -> bool:
    return any(
        owner is None and _defines(cell) & source.defines
        for owner, cell in zip(work.owners, work.handed, strict=True)
    )


def _note_solution(
    work: _Restoring, source: SourceCell, copies: list[int], answered: list[int], elsewhere: bool
) -> None:
    if any(work.handed[i].cell_type != source.cell_type for i in answered or copies):
        work.notes.append(f"The answer cell {source.id} was not a code cell any more; it was run as code.")
    if len(answered) > 1:
        work.notes.append(
            f"The answer cell {source.id} was there {len(answered)} times; all ran, the last counts."
        )
    if not answered and elsewhere:
        work.notes.append(f"The answer to {source.id} was found in a cell of your own.")


def _restore_written(work: _Restoring, source: SourceCell) -> None:
    """An answer that a person grades: the text of every copy that says something, in one cell."""
    copies = work.copies(source.id)
    if not copies:
        return
    said = [i for i in copies if not _same_text(work.handed[i].source, source.released)]
    kept = said or copies[-1:]
    text = "\n\n".join(work.handed[i].source for i in kept)
    attachments = {name: picture for i in kept for name, picture in work.handed[i].attachments.items()}
    text = text if said else source.released
    merged = HandedCell(source.cell_type, text, source.id, attachments=attachments)
    work.made[kept[-1]] = Piece.of_answer(source, merged, runs=source.cell_type == "code")
    if len(kept) > 1:
        work.notes.append(f"The written answer {source.id} was in {len(kept)} cells; they were put together.")
    if any(work.handed[i].cell_type != source.cell_type for i in kept):
        work.notes.append(f"The written answer {source.id} was a cell of another kind; it was restored.")
    _note_points(work, source, work.handed[kept[-1]])


def _keep_free_cells(work: _Restoring) -> None:
    for index, owner in enumerate(work.owners):
        if owner is None and work.handed[index].source.strip():
            work.made[index] = Piece.of_student(work.handed[index])


_RESTORERS = {"solution": _restore_solution, "answer": _restore_written}


def _owners_of(assignment: Assignment, cells: Sequence[HandedCell]) -> list[str | None]:
    """For each handed-in cell the `grade_id` of the instructor's cell that it is; None for the student's own.

    A cell with a known id is that cell. One without (another program dropped the metadata, or it was pasted
    as text) is known by its released text; an answer whose cell is missing, by the function that it defines.
    """
    known = assignment.by_id
    found = [cell.grade_id if cell.grade_id in known else None for cell in cells]
    present = set(found)
    missing = [c for c in known.values() if c.id not in present and c.released.strip() and not c.solution]
    texts = {_squeezed(cell.released): cell.id for cell in missing}
    for index, cell in enumerate(cells):
        if found[index] is None:
            found[index] = texts.get(_squeezed(cell.source)) if texts else None
    _adopt_answers(assignment, cells, found)
    _adopt_written(assignment, cells, found)
    return found


def _adopt_answers(assignment: Assignment, cells: Sequence[HandedCell], found: list[str | None]) -> None:
    """A code cell that defines a function whose answer cell is gone is that answer."""
    missing = set(assignment.functions.values()) - set(found)
    for index, cell in enumerate(cells):
        if missing and found[index] is None and cell.cell_type == "code":
            names = sorted(_defines(cell) & assignment.functions.keys())
            answers = [assignment.functions[name] for name in names if assignment.functions[name] in missing]
            if answers:
                found[index] = answers[0]
                missing.discard(answers[0])


def _adopt_written(assignment: Assignment, cells: Sequence[HandedCell], found: list[str | None]) -> None:
    """A text cell that follows the question of a missing written answer is that answer."""
    if all(cell.id in found for cell in assignment.cells if cell.role == "answer"):
        return
    released = {_squeezed(cell.released) for cell in assignment.cells}
    texts = [_squeezed(cell.source) for cell in cells]
    for question, answer in zip(assignment.cells, assignment.cells[1:], strict=False):
        if answer.role != "answer" or answer.id in found or _squeezed(question.released) not in texts:
            continue
        follows = texts.index(_squeezed(question.released)) + 1
        if follows < len(cells) and found[follows] is None and texts[follows] not in released:
            found[follows] = answer.id


def _squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _same_text(left: str, right: str) -> bool:
    """Whether two cells differ in white space at the ends of lines at most."""
    return left == right or _squeezed(left) == _squeezed(right)


def _is_translation(text: str, source: SourceCell) -> bool:
    """Whether it may be the instructor's cell in another language, which is no change to speak of."""
    if text.isascii():
        return False
    if source.cell_type == "code":
        return _without_words(text) == _without_words(source.released)
    kept = [Counter(_KEPT.findall(_WORDS.sub("", one))) for one in (text, source.released)]
    return kept[0] == kept[1]


def _without_words(code: str) -> Counter[str]:
    """What a cell's code is made of, without its strings and the order of what stands in them."""
    nodes = ast.walk(parsed(code))
    return Counter(
        f"{type(node).__name__} {getattr(node, 'id', '')} {getattr(node, 'attr', '')} {getattr(node, 'name', '')}"
        if not isinstance(node, ast.Constant)
        else repr(node.value)
        for node in nodes
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str))
    )


def _defines(cell: HandedCell) -> frozenset[str]:
    """The names that a code cell defines at its top level."""
    return top_level_names(cell.source) if cell.cell_type == "code" else frozenset()


def _is_unanswered(text: str, source: SourceCell) -> bool:
    """Whether an answer cell is empty, as released, or has only `pass` and the like for the stub."""
    given = {line.strip() for line in source.released.split("\n")}
    own = {line.strip() for line in text.split("\n")} - given
    return all(_EMPTY_BODY.fullmatch(line) for line in own)


def _join_split_cells(cells: Sequence[HandedCell]) -> tuple[HandedCell, ...]:
    """Puts together a cell that was split inside a function: the second half begins indented."""
    joined: list[HandedCell] = []
    tries = 0
    for cell in cells:
        split = bool(joined) and tries < _MOST_JOINS and _may_continue(joined[-1], cell)
        tries += split
        if split and parsed(f"{joined[-1].source}\n{cell.source}").body:
            joined[-1] = replace(joined[-1], source=f"{joined[-1].source}\n{cell.source}")
        else:
            joined.append(cell)
    return tuple(joined)


def _may_continue(first: HandedCell, second: HandedCell) -> bool:
    if (
        first.cell_type != "code"
        or second.cell_type != "code"
        or second.grade_id not in (None, first.grade_id)
    ):
        return False
    code = second.source.lstrip("\n")
    short = len(first.source) + len(code) <= _LONGEST_JOIN
    return short and code.startswith((" ", "\t")) and "def " in first.source
