"""Stock nbgrader itself takes away from the table's answers what the table says that it does.

Of each assignment one notebook, the one with most wrong answers; `python -m tests.grading.stock_table` does all. With
`test_fairness`, by which the judge gives every answer its points, this shows that the two agree but for the differences
that have their reasons.
"""

import pytest

from tests.grading import stock_table
from tests.support import answers


@pytest.mark.slow
@pytest.mark.parametrize("assignment", answers.assignments())
def test_stock_nbgrader_takes_away_what_the_table_says(assignment: str) -> None:
    packs = stock_table.packs(assignment)
    fullest = max(packs, key=lambda pack: sum(bool(answer.stock_loses) for answer in pack.values()))
    assert list(map(str, stock_table.differences(assignment, [fullest]))) == []


@pytest.mark.parametrize("assignment", answers.assignments())
def test_every_answer_is_in_one_notebook(assignment: str) -> None:
    packed = [answer for pack in stock_table.packs(assignment) for answer in pack.values()]
    assert sorted(map(str, packed)) == sorted(map(str, answers.load(assignment)))


def test_list_of_differences_gives_each_its_reason() -> None:
    rows = [line for line in stock_table.listed(answers.assignments()) if line.startswith("| 0")]
    differing = [a for name in answers.assignments() for a in answers.load(name) if a.stock_loses != a.loses]
    assert len(rows) == len(differing)
    assert all(row.split("|")[-2].strip() for row in rows)
