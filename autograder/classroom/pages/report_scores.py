"""How the scores spread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from autograder.classroom.pages.charts import Column, columns
from autograder.classroom.pages.report_parts import count, row, table
from autograder.classroom.pages.text import number
from autograder.classroom.report.figures import Spread, histogram, spread

BINS = 10


def section(scores: Sequence[float], most: float, open_answers: int, who: str = "submissions") -> str:
    """The distribution as a drawing, in words and as a table; `open_answers` have no points yet."""
    found = spread(scores)
    if found is None:
        return ""
    counts = histogram(scores, most, BINS)
    labels = _labels(most)
    drawing = columns(
        "scores-drawing",
        in_words(found, most, counts, who),
        list(map(Column, counts)),
        {place: number(most * place / BINS) for place in range(BINS + 1)},
        (found.middle / most * BINS, "median") if most else None,
    )
    missing = (
        f'<p class="soft">{count(open_answers, "answer")} still without points '
        f"{'counts' if open_answers == 1 else 'count'} as zero here.</p>"
        if open_answers
        else ""
    )
    rows = [row(text, [str(many)], numbers=[1]) for text, many in zip(labels, counts, strict=True)]
    numbers = table("How many have how many points", ["Points", who.capitalize()], rows, numbers=[1])
    return (
        f"<p>{in_words(found, most, counts, who)}</p>\n{missing}{drawing}\n"
        f"<details><summary>The numbers</summary>\n{numbers}</details>"
    )


def in_words(found: Spread, most: float, counts: Sequence[int], who: str = "submissions") -> str:
    """What is seen in the drawing, in sentences."""
    if found.count == 1:
        return f"One of the {who} has {number(found.mean)} of {number(most)} points."
    place = max(range(len(counts)), key=counts.__getitem__)
    return (
        f"{found.count} {who} have between {number(found.low)} and {number(found.high)} of {number(most)} "
        f"points. The mean is {number(round(found.mean, 1))}, the median {number(found.middle)}; the middle half lies "
        f"between {number(found.first)} and {number(found.third)}. Most, {counts[place]}, have "
        f"{_labels(most)[place]} points."
    )


def _labels(most: float) -> list[str]:
    edges = [most * place / BINS for place in range(BINS + 1)]
    return [f"{number(low)}\N{EN DASH}{number(high)}" for low, high in pairwise(edges)]
