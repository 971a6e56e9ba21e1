"""The commonest mistakes, each with an answer that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.pages.report_names import Names
from autograder.classroom.pages.report_parts import count
from autograder.classroom.pages.text import plain
from autograder.classroom.report.mistakes import NOT_WRITTEN, Mistake

MOST_SHOWN = 12
MOST_ITEMS = 8
MOST_LISTED = 100
LONGEST_CODE = 2_500
LONGEST_VALUE = 300


def section(mistakes: Sequence[Mistake], names: Names) -> str:
    """What was not written, the shared mistakes with an example each, and the others in a list."""
    blank = [mistake for mistake in mistakes if mistake.how == NOT_WRITTEN]
    made = [mistake for mistake in mistakes if mistake.how != NOT_WRITTEN]
    shown, rest = made[:MOST_SHOWN], made[MOST_SHOWN : MOST_SHOWN + MOST_LISTED]
    if not mistakes:
        return "<p>No test failed.</p>"
    parts = [_blank(blank), *(_mistake(mistake, names) for mistake in shown), _rest(rest, names)]
    return "\n".join(part for part in parts if part)


def _blank(blank: Sequence[Mistake]) -> str:
    if not blank:
        return ""
    parts = [f"<code>{plain(mistake.function)}</code> by {len(mistake.cases)}" for mistake in blank]
    return f"<p>Not written: {', '.join(parts)}.</p>"


def _mistake(mistake: Mistake, names: Names) -> str:
    parts = [
        '<article class="mistake">',
        f"<h3><span>{_heading(mistake)}</span> "
        f'<span class="many">{count(len(mistake.cases), "submission")}</span></h3>',
        _said(mistake),
        f'<p class="soft">Cost: {_cost(mistake)}.</p>',
        _example(mistake, names),
        names.listed(case.student for case in mistake.cases) if len(mistake.cases) > 1 else "",
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def _said(mistake: Mistake) -> str:
    """What the tests say, unless the heading says it."""
    said = mistake.message.rstrip(".")
    if not said or said.startswith("Your code raised ") or said == mistake.how.rstrip("."):
        return ""
    return f"<p>The tests say: {plain(said, LONGEST_VALUE)}.</p>"


def _cost(mistake: Mistake) -> str:
    """The items lost, with how many lost them where not all did."""
    everybody = len(mistake.cases)
    return "; ".join(
        plain(title) if many == everybody else f"{plain(title)} ({many} of {everybody})"
        for title, many in mistake.items[:MOST_ITEMS]
    )


def _example(mistake: Mistake, names: Names) -> str:
    """The call that shows the mistake in the typical answer, and that answer."""
    case = mistake.typical
    call = case.shown.example
    lines = []
    if call:
        verb = "raises" if call.get("raised") else "returns"
        returned = names.masked(str(call.get("returned", "")).split("\n")[0], case.student)
        lines.append(
            f"<p><code>{plain(str(call.get('call', '')), LONGEST_VALUE)}</code> {verb} "
            f"<code>{plain(returned, LONGEST_VALUE)}</code></p>"
        )
    if case.answer.strip():
        code = plain(names.masked(case.answer, case.student).strip(), LONGEST_CODE)
        who = "" if names.hidden else f" of {names.of(case.student)}"
        lines.append(f'<details><summary>An answer{who}</summary>\n<pre tabindex="0">{code}</pre></details>')
    return "\n".join(lines)


def _rest(rest: Sequence[Mistake], names: Names) -> str:
    if not rest:
        return ""
    lines = "\n".join(_line(mistake, names) for mistake in rest)
    title = count(len(rest), "rarer mistake")
    return f"<details><summary>{title}</summary>\n<ul>\n{lines}\n</ul></details>"


def _line(mistake: Mistake, names: Names) -> str:
    first = names.of(mistake.cases[0].student)
    who = str(len(mistake.cases)) if names.hidden or len(mistake.cases) > 1 else first
    return f"<li>{_heading(mistake)} ({who})</li>"


def _heading(mistake: Mistake) -> str:
    how = plain(mistake.how, LONGEST_VALUE)
    named = mistake.how.startswith(f"{mistake.function} ")
    return how if named else f"<code>{plain(mistake.function)}</code>: {how}"
