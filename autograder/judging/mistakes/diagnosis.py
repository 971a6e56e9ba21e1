"""What to tell a student about each rubric item: passed or not, the mistake in words, a fresh counterexample.

Nothing here shows a hidden input, an expected value or a line of a hidden test. The words are the
instructor's constant messages, and the counterexample comes from arguments drawn anew. The student's
functions are called on them in a process of its own in which no test has called anything: code that keeps
the inputs of an earlier call has none to give away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.mistakes.counterexample import Counterexample, Prober
from autograder.judging.outcome import ErrorText, Outcome
from autograder.judging.session import Session

_LIMITS = {
    "TimeLimit": "It did not come to an end in the time allowed. Is there a loop that never ends?",
    "ProcessEnded": "Python itself was ended while this was checked (by exit, a crash or too much memory).",
    "BadReply": "What came back was not a value that can be checked.",
}


@dataclass(frozen=True)
class Item:
    """One line of the rubric: a test cell or a written answer.

    `title` is its name in words, `points` what the judge gives (None: a person does), `reasons` the
    mistake in words, `example` a call that shows it.
    """

    id: str
    function: str
    title: str
    passed: bool | None
    points: float | None
    max_points: float
    reasons: tuple[str, ...] = ()
    example: Counterexample | None = None

    def as_json(self) -> dict[str, Any]:
        """The item as plain JSON values."""
        example = asdict(self.example) if self.example else None
        return {**vars(self), "reasons": list(self.reasons), "example": example}


def diagnose(
    assignment: Assignment,
    outcomes: Sequence[Outcome],
    points: Mapping[str, float | None],
    warm: Warm,
    limits: Limits,
) -> tuple[Item, ...]:
    """The rubric items of a graded submission, in the assignment's order; `points` are the judge's, by id."""
    tests = {outcome.cell.id: outcome for outcome in outcomes if outcome.cell.kind == "test"}
    examples = _examples(assignment, outcomes, warm, limits)
    return tuple(
        _item(assignment, source, tests.get(source.id), points.get(source.id), examples.get(source.id))
        for source in assignment.graded
    )


def _examples(
    assignment: Assignment, outcomes: Sequence[Outcome], warm: Warm, limits: Limits
) -> dict[str, Counterexample]:
    """A fresh counterexample for each failed test that has one."""
    tests = [outcome for outcome in outcomes if outcome.cell.kind == "test"]
    failed = {o.cell.id: o.last_call for o in tests if not o.passed and o.last_call and _may_probe(o)}
    if not failed:
        return {}
    own = [o.cell for o in outcomes if o.cell.kind != "test" and not (o.error and o.error.origin == "limit")]
    with Session(warm, limits) as session:
        session.load(own)
        prober = Prober(assignment, session)
        found = {grade_id: prober.find(call, grade_id) for grade_id, call in failed.items()}
    return {grade_id: example for grade_id, example in found.items() if example}


def _may_probe(outcome: Outcome) -> bool:
    """Not what ran into a limit: it would again, and cost the time again."""
    call_error = outcome.last_call.error if outcome.last_call else None
    return not any(error and error.origin == "limit" for error in (outcome.error, call_error))


def _item(
    assignment: Assignment,
    source: SourceCell,
    outcome: Outcome | None,
    points: float | None,
    example: Counterexample | None,
) -> Item:
    function, title = _named(source.id, source.released, tuple(assignment.functions))
    passed = None if outcome is None else outcome.passed
    return Item(
        id=source.id,
        function=function,
        title=title,
        passed=passed,
        points=points,
        max_points=source.points,
        reasons=_reasons(outcome) if outcome and not outcome.passed else (),
        example=example,
    )


def function_of(assignment: Assignment, source: SourceCell) -> str:
    """The answer cell that a test belongs to: the longest function name that its id starts with."""
    return _named(source.id, source.released, tuple(assignment.functions))[0]


def title_of(assignment: Assignment, source: SourceCell) -> str:
    """The item's name in words: its own first comment if students see it, else its id spelled out."""
    return _named(source.id, source.released, tuple(assignment.functions))[1]


@lru_cache(maxsize=2000)
def _named(grade_id: str, released: str, functions: tuple[str, ...]) -> tuple[str, str]:
    """The function that a cell belongs to, and the cell's name in words."""
    function = max((name for name in functions if grade_id.startswith(f"{name}-")), key=len, default="")
    first = released.strip().split("\n")[0]
    if first.startswith(f"# {grade_id}:"):
        comment = first.removeprefix(f"# {grade_id}:").strip()
        return function, _capitalised(comment.split(". ")[0].removesuffix("."))
    words = grade_id.removeprefix(f"{function}-").replace("-", " ").replace("_", " ")
    return function, _capitalised(words)


def _capitalised(words: str) -> str:
    """With a capital, unless it starts with a variable's name such as `dw` or `z`, or with code such as `np.tanh`."""
    first = words.split(" ")[0]
    known = (len(first) > 2 and not set(first) & set("._(")) or first in (
        "a",
        "an",
        "as",
        "at",
        "in",
        "is",
        "it",
        "no",
        "on",
    )
    return words[:1].upper() + words[1:] if known else words


def _reasons(outcome: Outcome) -> tuple[str, ...]:
    """The mistake in words that are safe to show."""
    if outcome.skipped:
        return ("It was not checked: the time for the whole submission was spent before.",)
    said = tuple(message.strip() for message in outcome.messages if message.strip())
    error = outcome.error
    if error is None or (said and error.origin == "test"):
        return said
    return (*said, _error_in_words(error, outcome.last_call.function if outcome.last_call else ""))


def _error_in_words(error: ErrorText, function: str) -> str:
    if error.origin == "limit":
        return _LIMITS.get(error.name, "It ran into a limit.")
    if error.origin == "student":
        if error.name == "NotImplementedError":
            return "It is not written yet."
        return f"Your code raised {error.public_name}."
    if error.name == "NameError":
        return "A name that the check needs is not defined: is the function there, under its own name?"
    if error.name == "AssertionError":
        return "A check failed."
    what = f"What {function} returned" if function else "What was returned"
    return f"{what} could not be used: it led to {error.public_name}."
