"""What to tell a student about each rubric item: passed or not, the mistake in words, a counterexample.

Nothing here shows a hidden input, an expected value or a line of a hidden test. The words are the instructor's
constant messages, a known mistake that the function behaves like, or what was observed. For that the student's
functions are called on public probes, in a process of its own that no test has called: it holds nothing
that depends on a hidden test. Of the hidden call that failed, only what kind of call it was chooses among
the examples, and that in this process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.bounds import TimeUp, within
from autograder.judging.cell_code import parsed
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.mistakes import observing
from autograder.judging.mistakes.observing import Named, Seen
from autograder.judging.mistakes.probes import Member, Probe, family_of, members, probes
from autograder.judging.mistakes.words import call_text, exception_words, trouble, value_text
from autograder.judging.outcome import Cell, ErrorText, Outcome
from autograder.judging.sandbox import CannotConfine
from autograder.judging.session import Session

_SECONDS, _SECONDS_A_FUNCTION, _MEMORY, _MESSAGE = 20.0, 2.0, 128 << 20, 4 << 20
_LONGEST_TRACEBACK = 2_000
_MOST_ASSIGNMENTS = 8
_UNCHANGED = "-inputs-unchanged"  # what its message says is not seen in a result that is wrong as well
_LIMITS = {
    "TimeLimit": "It did not come to an end in the time allowed. Is there a loop that never ends?",
    "ProcessEnded": "Python itself was ended while this was checked (by exit, a crash or too much memory).",
    "BadReply": "What came back was not a value that can be checked.",
}


@dataclass(frozen=True)
class Counterexample:
    """A call as a student would type it, what it returned or raised, what is right, and the difference in words."""

    call: str
    returned: str
    problem: str
    raised: bool = False
    traceback: str = ""
    right: str = ""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a function, said once.

    Either `cause` names a known mistake that it behaves like (or why there is nothing to call), and `items`
    are the tests that this explains; or `cause` is empty and `observed` says where and how it is wrong.
    """

    function: str
    cause: str = ""
    observed: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    example: Counterexample | None = None


@dataclass(frozen=True)
class Item:
    """One line of the rubric: a test cell or a written answer.

    `title` is its name in words, `points` what the judge gives (None: a person does), `cause` the finding that
    explains it, else `reasons` the mistake in words and `example` a call that shows it.
    """

    id: str
    function: str
    title: str
    passed: bool | None
    points: float | None
    max_points: float
    reasons: tuple[str, ...] = ()
    example: Counterexample | None = None
    cause: str = ""


@dataclass
class _Known:
    """What is public of an assignment: probes with right results, and what known mistakes do on them."""

    probes: dict[str, tuple[Probe, ...]]
    members: dict[str, tuple[Member, ...]] = field(default_factory=dict)


_known: WeakKeyDictionary[Warm, dict[str, _Known]] = WeakKeyDictionary()


def diagnose(
    assignment: Assignment,
    outcomes: Sequence[Outcome],
    points: Mapping[str, float | None],
    warm: Warm,
    limits: Limits,
) -> tuple[tuple[Item, ...], tuple[Finding, ...]]:
    """The rubric items of a graded submission, in the assignment's order, and what is wrong with each function.

    `points` are the judge's, by id. What goes wrong here costs a line of feedback, never the grading.
    """
    tests = {outcome.cell.id: outcome for outcome in outcomes if outcome.cell.kind == "test"}
    items = {s.id: _item(assignment, s, tests.get(s.id), points.get(s.id)) for s in assignment.graded}
    findings: list[Finding] = []
    lost = _by_function(assignment, tests)
    failed = dict(lost)
    for function in list(lost):
        if said := trouble(assignment, function, outcomes, [tests[i] for i in lost[function]]):
            findings.append(Finding(function, said, items=tuple(lost.pop(function))))
    with _harmless():
        for work in _observed(assignment, outcomes, lost, tests, warm, limits):
            with _harmless():
                findings += work.explain(lost[work.name], tests, items)
    findings = [_with_calls(assignment, finding, outcomes, failed) for finding in findings]
    for finding in findings:
        if finding.cause:
            for i in finding.items:
                items[i] = replace(items[i], cause=finding.cause, reasons=(finding.cause,), example=None)
    return tuple(items.values()), tuple(findings)


def _with_calls(
    assignment: Assignment, finding: Finding, outcomes: Sequence[Outcome], lost: Mapping[str, Sequence[str]]
) -> Finding:
    """What was observed, with the functions that are wrong and that the function calls: those come first."""
    cell = assignment.functions.get(finding.function, "")
    code = next((o.cell.source for o in outcomes if o.cell.id == cell), "")
    used = {node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name)}
    wrong = [f"`{name}`" for name in lost if name in used and name != finding.function]
    if finding.cause or not wrong:
        return finding
    said = (
        f"It calls {' and '.join(wrong)}, which {'is' if len(wrong) == 1 else 'are'} wrong: mend that first."
    )
    return replace(finding, observed=(said, *finding.observed))


@contextmanager
def _harmless() -> Iterator[None]:
    """Whatever a submission does to the work, the grading goes on."""
    try:
        yield
    except (KeyboardInterrupt, CannotConfine):
        raise
    except (Exception, TimeUp):
        pass


def _by_function(assignment: Assignment, tests: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """The failed tests of each function."""
    lost: dict[str, list[str]] = {}
    for source in assignment.graded:
        outcome = tests.get(source.id)
        if outcome is not None and not outcome.passed and not outcome.skipped:
            lost.setdefault(assignment.function_of(source.id), []).append(source.id)
    return lost


def _observed(
    assignment: Assignment,
    outcomes: Sequence[Outcome],
    lost: Mapping[str, Sequence[str]],
    tests: Mapping[str, Outcome],
    warm: Warm,
    limits: Limits,
) -> Iterator[_Function]:
    """What each function that lost an item does when it is called."""
    if not any(lost.values()):
        return
    known = _known_of(assignment, warm, limits)
    own = [o.cell for o in outcomes if o.cell.kind != "test" and not (o.error and o.error.origin == "limit")]
    bounds = replace(
        limits,
        call=min(limits.call, _SECONDS_A_FUNCTION),
        submission=min(limits.submission, _SECONDS),
        message=min(limits.message, _MESSAGE),
    )
    with Session(warm, bounds, assignment.files, assignment.own) as session:
        session.load([Cell("student", cell.id, cell.source) for cell in own])
        for name, failed in lost.items():
            if any(_may_probe(tests[i]) for i in failed) and known.probes.get(name):
                if name not in known.members:
                    known.members[name] = members(assignment, name, known.probes[name], warm, limits)
                with _harmless():
                    seen = observing.observe(session, name, known.probes[name])
                    yield _Function(name, [_excused(one, tests) for one in seen], known)


def _known_of(assignment: Assignment, warm: Warm, limits: Limits) -> _Known:
    assignments = _known.setdefault(warm, {})
    if assignment.digest not in assignments:
        if len(assignments) >= _MOST_ASSIGNMENTS:
            assignments.pop(next(iter(assignments)))
        assignments[assignment.digest] = _Known(probes(assignment, warm, limits))
    return assignments[assignment.digest]


def _may_probe(outcome: Outcome) -> bool:
    """Not what ran into a limit: it would again, and cost the time again."""
    call_error = outcome.last_call.error if outcome.last_call else None
    return not any(error and error.origin == "limit" for error in (outcome.error, call_error))


class _Function:
    """One function of one submission: what was seen of it on the probes."""

    def __init__(self, name: str, seen: Sequence[Seen], known: _Known) -> None:
        self.name, self._seen, self._known = name, seen, known
        self._wrong = frozenset(i for i, one in enumerate(seen) if one.difference)

    def explain(
        self, failed: Sequence[str], tests: Mapping[str, Outcome], items: dict[str, Item]
    ) -> list[Finding]:
        """Finds the causes and what they explain, and puts examples with the items that none does."""
        with within(_SECONDS_A_FUNCTION, _MEMORY):
            causes = observing.name_causes(self._seen, self._known.members[self.name])
            left = self._wrong.difference(*(named.explains for named in causes))
            causes += observing.evident_causes(self._seen, left)
            shows = {i: self._shows(i, tests[i]) for i in failed}
            findings = [finding for named in causes if (finding := self._finding(named, shows))]
            rest = [i for i in failed if not any(i in finding.items for finding in findings)]
            left = left.difference(*(named.explains for named in causes))
            if left and rest:
                said = observing.facts(self.name, self._seen, self._known.probes, left)
                findings.append(Finding(self.name, observed=said, items=tuple(rest)))
            for i in rest:
                items[i] = self._with_example(items[i], shows[i], items[failed[0]])
            return findings

    def _finding(self, named: Named, shows: Mapping[str, frozenset[int]]) -> Finding | None:
        """A cause with the items that it explains, if there are some."""
        ordinary = any(not self._seen[i].probe.raises for i in named.explains)
        all_of_it = ordinary and named.explains == self._wrong
        by_it = [i for i, places in shows.items() if (places <= named.explains if places else all_of_it)]
        example = self._example(named.explains)
        return Finding(self.name, named.cause, items=tuple(by_it), example=example) if by_it else None

    def _shows(self, test: str, outcome: Outcome) -> frozenset[int]:
        """The wrong probes that show what an item is about: its own visible calls, else calls of the same kind."""
        own = frozenset(i for i in self._wrong if test in self._seen[i].probe.tests)
        last = outcome.last_call
        if last is None or last.function != self.name:
            return own
        text = call_text(self.name, last.args, last.kwargs)
        if itself := frozenset(i for i in own if self._text(i) == text):
            return itself
        if own:
            return own
        family, raised = family_of(last.args), last.error is not None
        return frozenset(
            i for i in self._wrong if self._seen[i].probe.family == family and self._seen[i].raised == raised
        )

    def _text(self, place: int) -> str:
        return call_text(self.name, self._seen[place].probe.args, self._seen[place].probe.kwargs)

    def _with_example(self, item: Item, shows: frozenset[int], first: Item) -> Item:
        """The item with a call that shows its fault; or with where to look, if the fault is that of another."""
        raised = any(self._seen[i].raised for i in shows)
        if not shows or (item.id.endswith(_UNCHANGED) and not raised and self._is_wrong_in_numbers(shows)):
            return item
        if item.id != first.id and self._as_for_others(item, shows):
            return replace(item, reasons=(f"Wrong here as elsewhere: see “{first.title}”.",))
        return replace(item, example=self._example(shows))

    def _is_wrong_in_numbers(self, shows: frozenset[int]) -> bool:
        """Whether no call shows that an argument has changed, for the results are wrong as well."""
        return all(self._kind(i) != "changed" for i in shows)

    def _as_for_others(self, item: Item, shows: frozenset[int]) -> bool:
        """Whether ordinary calls go wrong, too, and this item shows only wrong numbers."""
        ordinary = [i for i in self._wrong if self._seen[i].probe.family in ("near", "call", "drawn")]
        kinds = {self._kind(i) for i in shows}
        return (
            bool(ordinary) and kinds <= {self._kind(i) for i in ordinary} and not kinds & {"changed", "dtype"}
        )

    def _kind(self, place: int) -> str:
        difference = self._seen[place].difference
        assert difference
        if difference.kind == "raised":
            error = self._seen[place].call.error
            return f"raised {error.name if error else ''}"
        return difference.kind

    def _example(self, places: Iterable[int]) -> Counterexample:
        """The plainest call among these."""
        best = min(places, key=lambda i: (self._seen[i].raised, len(self._text(i)), i))
        return _counterexample(self.name, self._seen[best])


def _excused(seen: Seen, tests: Mapping[str, Outcome]) -> Seen:
    """Other numbers than the reference's are right where all the visible tests that make the call have passed."""
    made_by = [tests[test] for test in seen.probe.tests if test in tests]
    numbers = seen.difference is not None and seen.difference.kind == "numbers"
    passed = bool(made_by) and all(outcome.passed for outcome in made_by)
    return replace(seen, difference=None, excused=True) if numbers and passed else seen


def _counterexample(function: str, seen: Seen) -> Counterexample:
    assert seen.difference
    call = call_text(function, seen.probe.args, seen.probe.kwargs)
    right = "" if seen.probe.draws or seen.probe.raises else value_text(seen.probe.right)
    error = seen.call.error
    if error is None:
        return Counterexample(call, value_text(seen.call.result), seen.difference.words, right=right)
    message = f"{error.name}: {error.message}"[:400]
    problem = exception_words(error) or seen.difference.words
    return Counterexample(call, message, problem, True, error.traceback[-_LONGEST_TRACEBACK:], right)


def _item(assignment: Assignment, source: SourceCell, outcome: Outcome | None, points: float | None) -> Item:
    function = assignment.function_of(source.id)
    passed = None if outcome is None else outcome.passed
    reasons = _reasons(outcome) if outcome and not outcome.passed else ()
    title = title_of(assignment, source) + (_SHARED if source.shared else "")
    return Item(source.id, function, title, passed, points, source.points, reasons)


_SHARED = " (run together with your code)"


def title_of(assignment: Assignment, source: SourceCell) -> str:
    """The item's name in words: its own first comment if students see it, else its id spelled out."""
    first = source.released.strip().split("\n")[0]
    if first.startswith(f"# {source.id}:"):
        comment = first.removeprefix(f"# {source.id}:").strip()
        return _capitalised(comment.split(". ")[0].removesuffix("."))
    words = source.id.removeprefix(f"{assignment.function_of(source.id)}-")
    return _capitalised(words.replace("-", " ").replace("_", " "))


_SHORT_WORDS = ("a", "an", "as", "at", "in", "is", "it", "no", "on")


def _capitalised(words: str) -> str:
    """With a capital, unless it starts with a variable's name such as `z` or `dW1`, or with code such as `np.tanh`."""
    first = words.split(" ")[0]
    known = (len(first) > 2 and first.strip(",:").isalpha() and first.islower()) or first in _SHORT_WORDS
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
    if error.origin == "shared":
        return "It does not pass. It runs together with your code, so that nothing it says can be shown."
    if error.origin == "limit":
        return _LIMITS.get(error.name, "It ran into a limit.")
    if error.origin == "student":
        return (
            exception_words(error)
            if error.name == "NotImplementedError"
            else f"Your code raised {error.public_name}."
        )
    if error.name == "NameError":
        return "A name that the check needs is not defined: is the function there, under its own name?"
    if error.name == "AssertionError":
        return "A check failed."
    what = f"What {function} returned" if function else "What was returned"
    return f"{what} could not be used: it led to {error.public_name}."
