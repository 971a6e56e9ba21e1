"""The cheat sheet: a card for each function and one table of all, made from the book's tables of functions."""

import json
import os
import re
from functools import cache
from math import isinf
from pathlib import Path

import numpy as np
from activations import ACTIVATIONS
from functions.formats import FORMATS, FORMULAS, first_failure, largest, spacing
from functions.practice import PRACTICE
from functions.vectors import VECTOR_ACTIVATIONS
from IPython.display import display
from plotting.editions import Text
from plotting.wording import power
from translation import message, translate

from plots.cheat_curves import plot
from plots.cost import measurement, relative_cost

NAMES = Path(__file__).parents[1] / "experiments" / "measured" / "library_names.json"
NEAR, WIDE, TOLERANCE = np.linspace(-5, 5, 10_001), np.linspace(-40, 40, 80_001), 1e-6
HEADER = (
    message("function"),
    message("values"),
    message("centred"),
    message("monotone"),
    message("smooth"),
    message("steepest"),
    message("time"),
    message("first weights"),
)
TIMED = {name.lower(): name for name in measurement()["nanoseconds"]} | {
    "swish (silu)": "swish",
    "gelu": "GELU, exact",
}


def card(name):
    """Show the plot of one function and, beside or below it, what is known of it."""
    entry = ACTIVATIONS.get(name) or VECTOR_ACTIVATIONS[name]
    display(plot(name, entry.title), markdown(lambda: card_text(name)))


def markdown(make):
    """The text that `make` writes, for the page; in a notebook, which knows no links between pages, without them."""
    return Text(make if os.environ.get("PLOTS_FOR") == "page" else lambda: _without_links(make()))


def _without_links(text):
    return re.sub(r" ?\{footcite:p\}`[^`]*`", "", re.sub(r"\{ref\}`([^`<]+?)( <[^`]*)?`", r"\1", text))


def card_text(name):
    """Formulas and facts of one function as Markdown."""
    entry = ACTIVATIONS.get(name) or VECTOR_ACTIVATIONS[name]
    practice = practice_of(name)
    rows = elementwise_rows(entry) if name in ACTIVATIONS else dict(entry.facts)
    rows |= {
        message("Use"): practice.use,
        message("First weights"): practice.initialiser,
        message("Compute"): practice.compute,
    }
    rows |= {message("Also"): practice.also} if practice.also else {}
    rows[message("Libraries")] = libraries_text(name)
    source = entry.source
    rows[message("Read")] = translate("; ").join(
        (
            f"{{ref}}`{practice.section}`",
            f"{_authors(source.authors)} ({source.year}) {{footcite:p}}`{source.key}`",
        )
    )
    lines = "\n\n".join(f"{translate(term)}\n: {translate(text)}" for term, text in rows.items())
    return f"{formulas(entry)}\n\n{lines}\n"


def _authors(names):
    """The authors of a work, joined as the language joins them."""
    known, others, _ = names.partition(" and others")
    *first, last = re.split(", | and ", known)
    joined = translate("{names} and {last}", names=translate(", ").join(first), last=last) if first else last
    return translate("{names} and others", names=joined) if others else joined


@cache
def library_names():
    """What libraries call the functions, as it was checked, with the versions."""
    return json.loads(NAMES.read_text())


def libraries_text(name):
    """The call in each library, its parameters with their defaults, and what to know about it."""
    calls = library_names()["functions"].get(name)
    if not calls:
        return translate("none has it")
    return translate("; ").join(f"{library} {_call_text(entry)}" for library, entry in calls.items())


def _call_text(entry):
    name = entry["call"].replace("torch.nn.functional.", "F.").replace("tensorflow.", "tf.")
    arguments = f"z, {entry['arguments']}" if entry["arguments"] else "z"
    call = name if name.endswith("()") else f"{name}({arguments})"
    return f"`{call}`" + (translate(" ({note})", note=entry["note"]) if entry["note"] else "")


def versions_text():
    """The libraries and the versions that the names were checked with."""
    return markdown(
        lambda: ", ".join(f"{library} {version}" for library, version in library_names()["versions"].items())
    )


def format_table():
    """The largest number of each format and its spacing at 1, then the first z at which each formula fails."""
    return markdown(_format_rows)


def _format_rows():
    lines = [
        f"| {translate('formula')} | {translate('becomes')} | " + " | ".join(map(translate, FORMATS)) + " |",
        "|" + "---|" * (len(FORMATS) + 2),
    ]
    lines.append(
        f"| {translate('largest number')} | | "
        + " | ".join(power(largest(name), 2) for name in FORMATS)
        + " |"
    )
    lines.append(
        f"| {translate('from 1 to the next')} | | "
        + " | ".join(power(spacing(name), 2) for name in FORMATS)
        + " |"
    )
    for formula in FORMULAS:
        places = [first_failure(formula, name) for name in FORMATS]
        cells = " | ".join(translate("never") if z is None else f"{z:.2f}" for z in places)
        lines.append(f"| {translate(formula.shown)} | {translate(formula.wrong)} | {cells} |")
    return "\n".join(lines)


def practice_of(name):
    """The advice on a function of either table."""
    return PRACTICE[name] if name in PRACTICE else VECTOR_ACTIVATIONS[name].practice


def formulas(entry):
    """Function and derivative as two displayed formulas."""
    if entry.name in VECTOR_ACTIVATIONS:
        return f"$$\n{entry.formula}\n$$\n\n$$\n{entry.derivative_formula}\n$$"
    return f"$$\nf(z) = {entry.formula}\n$$\n\n$$\nf'(z) = {entry.derivative_formula}\n$$"


def elementwise_rows(entry):
    """The facts about a function of one number, in words."""
    facts = entry.facts
    return {
        message("Values"): values_text(entry),
        message("Limits"): translate(
            "{left} to the left, {right} to the right", left=number(facts.left), right=number(facts.right)
        ),
        message("Zero-centred"): yes(facts.zero_centred),
        message("Monotone"): yes(facts.monotone),
        message("Smooth"): smooth_text(facts),
        message("Kinks"): kinks_text(facts),
        message("Convex"): yes(facts.convex),
        message("Steepest"): translate("a jump, which has no slope")
        if facts.jumps
        else translate("slope {steepest}", steepest=number(steepest(entry))),
        message("Cost"): cost_text(entry),
    }


def values_text(entry):
    """The range as an interval, closed where the bound is reached, or the few values of a step."""
    values, facts = entry.function(NEAR), entry.facts
    if facts.jumps:
        return "{" + ", ".join(number(value) for value in np.unique(values)) + "}"
    left = "[" if values.min() - facts.lowest < TOLERANCE else "("
    right = "]" if facts.highest - values.max() < TOLERANCE else ")"
    return f"{left}{number(facts.lowest)}, {number(facts.highest)}{right}"


def smooth_text(facts):
    """Whether all derivatives exist, else how many are continuous."""
    if facts.smooth:
        return translate("yes")
    return translate(
        "no: {why}",
        why={
            -1: translate("it jumps"),
            0: translate("the slope jumps"),
            1: translate("the second derivative jumps"),
        }[facts.derivatives],
    )


def kinks_text(facts):
    """The kinks with their subgradients, or the jumps."""
    if facts.jumps:
        return translate(
            "a jump at {places}", places=translate(", ").join(number(place) for place in facts.jumps)
        )
    kinks = [
        translate(
            "at {place} any slope from {low} to {high}",
            place=number(k.place),
            low=number(min(k.left, k.right)),
            high=number(max(k.left, k.right)),
        )
        for k in facts.kinks
    ]
    return translate("; ").join(kinks) or translate("none")


def cost_text(entry):
    """What it takes, and the measured time where there is one."""
    time = time_text(entry)
    return (
        translate("{cost}; {time} times ReLU's time", cost=entry.facts.cost, time=time)
        if time
        else translate(entry.facts.cost)
    )


def time_text(entry):
    """The measured time relative to ReLU, or nothing."""
    name = TIMED.get(entry.title.lower())
    return f"{relative_cost(name):.1f}" if name else ""


def steepest(entry):
    """The largest slope, or the number that it approaches far out."""
    return entry.derivative(WIDE).max()


def comparison_rows():
    """One row of text for each elementwise function, in the order of `HEADER`."""
    return [_row(entry) for entry in ACTIVATIONS.values()]


def comparison_table():
    """The rows as a Markdown table, each function a link to its card."""
    return markdown(_comparison)


def _comparison():
    lines = ["| " + " | ".join(map(translate, HEADER)) + " |", "|" + "---|" * len(HEADER)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in comparison_rows()])


def _row(entry):
    facts, practice = entry.facts, PRACTICE[entry.name]
    link = f"{{ref}}`{translate(entry.title)} <cheat-{entry.name.replace('_', '-')}>`"
    marks = (yes(facts.zero_centred), yes(facts.monotone), yes(facts.smooth))
    weights = translate(practice.initialiser.split(",")[0]) if facts.derivatives >= 0 else translate("none")
    return (
        link,
        values_text(entry),
        *marks,
        translate("jump") if facts.jumps else number(steepest(entry)),
        time_text(entry) or translate("none"),
        weights,
    )


def number(value):
    """A number with at most two decimals, a true minus sign, and infinity as its sign."""
    if isinf(value):
        return "∞" if value > 0 else "\N{MINUS SIGN}∞"
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "\N{MINUS SIGN}")


def yes(value):
    """A fact in a word."""
    return translate("yes") if value else translate("no")
