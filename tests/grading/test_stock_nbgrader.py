"""Stock nbgrader itself takes away from the table's answers what the table says that it does.

A sample; `python -m tests.grading.stock_table` does all. With `test_fairness`, by which the judge gives every
answer its points, this shows that the two agree but for the differences that have their reasons.
"""

import pytest

from tests.grading import stock_table
from tests.support import answers

NOTEBOOKS = 2


@pytest.mark.slow
@pytest.mark.parametrize("assignment", answers.assignments())
def test_stock_nbgrader_takes_away_what_the_table_says(assignment: str) -> None:
    made = stock_table.some(stock_table.packs(assignment), NOTEBOOKS)
    assert len(made) == NOTEBOOKS
    assert list(map(str, stock_table.differences(assignment, made))) == []


@pytest.mark.parametrize("assignment", answers.assignments())
def test_every_answer_is_in_one_notebook(assignment: str) -> None:
    packed = [answer for pack in stock_table.packs(assignment) for answer in pack.values()]
    assert sorted(map(str, packed)) == sorted(map(str, answers.load(assignment)))


def test_list_of_differences_gives_each_its_reason() -> None:
    rows = [line for line in stock_table.listed(answers.assignments()) if line.startswith("| 0")]
    differing = [a for name in answers.assignments() for a in answers.load(name) if a.stock_loses != a.loses]
    assert len(rows) == len(differing)
    assert all(row.split("|")[-2].strip() for row in rows)
