"""From what a student handed in to the cells that run: the instructor's by `grade_id`, the student's between.

Nothing that a notebook says about itself is believed: the text, points and kind of every instructor's cell
come from the assignment. What had to be put right is said in `notes`, in words for the student.
"""

from dataclasses import dataclass, field
from functools import cached_property

from autograder.judging import pieces
from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.pieces import Piece
from autograder.judging.placing import place
from autograder.judging.reading import Handed, HandedCell


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
    cells = pieces.join_split_cells(handed.cells)
    work = _Restoring(assignment, cells, pieces.owners(assignment, cells), list(handed.notes))
    _note_wrong_notebook(work)
    for source in assignment.by_id.values():
        _RESTORERS.get(source.role, _restore_locked)(work, source)
    _keep_free_cells(work)
    order = [work.made[i] for i in sorted(work.made)]
    placed = place(assignment, order)
    work.notes += placed.notes
    return Submission(placed.cells, tuple(work.notes))


def _note_wrong_notebook(work: _Restoring) -> None:
    known = any(work.owners)
    answers = any(pieces.defines(cell) & work.assignment.functions.keys() for cell in work.handed)
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
    same = [i for i in copies if pieces.same_text(work.handed[i].source, source.released)]
    chosen = (same or copies)[-1]
    work.made[chosen] = Piece.of_instructor(source)
    _note_locked_changes(work, source, work.handed[chosen], changed=not same)
    if len(copies) > 1:
        work.notes.append(f"The cell {source.id} was there {len(copies)} times; it counts once.")
    for index in copies:
        if index not in same and (index != chosen or _answers(work, index)):
            _run_beside(work, index, chosen)


def _answers(work: _Restoring, index: int) -> bool:
    """Whether a student wrote an answer into a cell of the instructor's."""
    return bool(pieces.defines(work.handed[index]) & work.assignment.functions.keys())


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
    answered = [i for i in copies if not pieces.is_unanswered(work.handed[i].source, source)]
    elsewhere = _defined_elsewhere(work, source)
    running = answered or ([] if elsewhere else copies[-1:])
    defining = [i for i in running if pieces.defines(work.handed[i]) & source.defines]
    keeper = (defining or running or copies)[-1]
    for index in copies:
        if index == keeper:
            work.made[index] = Piece.of_answer(source, work.handed[index], runs=index in running)
        elif index in running:
            work.made[index] = Piece.of_student(work.handed[index], as_code=True)
    _note_solution(work, source, copies, answered, elsewhere)


def _defined_elsewhere(work: _Restoring, source: SourceCell) -> bool:
    return any(
        owner is None and pieces.defines(cell) & source.defines
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
    said = [i for i in copies if not pieces.same_text(work.handed[i].source, source.released)]
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
