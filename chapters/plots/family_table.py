"""The comparison of the ReLU family: facts from the book's table of functions, times from the measurement."""

from math import isinf

from activations import ACTIVATIONS
from plotting.editions import Text
from plotting.wording import fixed
from translation import message, translate

from plots.cost import relative_cost
from plots.shape import FAMILY

TIMES = {
    "relu": "ReLU", "leaky_relu": "leaky ReLU", "prelu": "PReLU", "elu": "ELU", "selu": "SELU",
    "softplus": "softplus", "swish": "swish", "gelu": "GELU, exact", "mish": "mish",
}  # fmt: skip
HEADER = (
    message("function"),
    message("year"),
    message("lowest value"),
    message("corner"),
    message("monotone"),
    message("convex"),
    message("time"),
)


def family_rows():
    """One row of text for each function of the family, in the order of `HEADER`."""
    return [_row(ACTIVATIONS[name]) for name in FAMILY]


def family_table():
    """The rows as a Markdown table."""
    return Text(_table)


def _table():
    lines = ["| " + " | ".join(map(translate, HEADER)) + " |", "|" + "---|" * len(HEADER)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in family_rows()])


def _row(activation):
    facts = activation.facts
    lowest = translate("none") if isinf(facts.lowest) else fixed(facts.lowest)
    time = f"{relative_cost(TIMES[activation.name]):.1f}"
    marks = (_yes(facts.kinks), _yes(facts.monotone), _yes(facts.convex))
    return (translate(activation.title), str(activation.source.year), lowest, *marks, time)


def _yes(value):
    return translate("yes") if value else translate("no")
