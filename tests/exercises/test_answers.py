"""Each answer in the table loses exactly what the table says, right or wrong."""

import pytest

from tests.support import answers, plain_grading

ASSIGNMENTS = answers.assignments()
WHOLE = frozenset({"train-held-back"})  # asks for all functions of the network at work together
BUILT_ON = {"forward": {"train"}, "backward": {"train"}}
TABLE = [answer for assignment in ASSIGNMENTS for answer in answers.load(assignment)]


def _stable_only(items: frozenset[str]) -> bool:
    return all(item.endswith("-stable") for item in items)


def _shared(answer: answers.Answer) -> frozenset[str]:
    """Items of other functions that an answer may cost: of what is built on it, where it gives that nothing to use."""
    built = BUILT_ON.get(answer.function, ())
    spoils = answer.loses & {f"{answer.function}-shape", f"{answer.function}-inputs-unchanged"}
    return WHOLE | {item for item in answer.loses if spoils and item.split("-")[0] in built}


def _functions(items: frozenset[str]) -> set[str]:
    return {item.split("-")[0] for item in items}


@pytest.mark.parametrize("answer", TABLE, ids=str)
def test_answer_loses_exactly_what_the_table_says(answer):
    marks = plain_grading.grade(answer.assignment, {answer.function: answer.code})
    assert marks.lost == answer.loses
    assert marks.lost_in_stock == answer.stock_loses


def test_right_answers_lose_nothing_but_stability():
    assert not [answer for answer in TABLE if answer.right and not _stable_only(answer.loses)]


def test_every_wrong_answer_is_caught():
    assert not [answer for answer in TABLE if not answer.right and not answer.loses]


def test_an_answer_costs_its_own_function_only():
    assert not [answer for answer in TABLE if _functions(answer.loses - _shared(answer)) - {answer.function}]


def test_every_difference_from_stock_has_its_reason():
    differing = [answer for answer in TABLE if answer.stock_loses != answer.loses]
    assert all(answer.stock_reason for answer in differing)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_function_has_right_and_wrong_answers_enough(assignment):
    table = answers.load(assignment)
    for function in answers.reference(assignment):
        of_function = [answer for answer in table if answer.function == function]
        assert sum(answer.right for answer in of_function) >= 4, function
        assert sum(not answer.right for answer in of_function) >= 8, function
        assert len({answer.name for answer in of_function}) == len(of_function), function


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_instructors_solution_earns_everything_without_a_warning(assignment):
    marks = plain_grading.grade(assignment, {})
    assert marks.lost_in_stock == frozenset()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_blank_notebook_earns_nothing(assignment):
    blank = dict.fromkeys(answers.reference(assignment), "")
    marks = plain_grading.grade(assignment, blank)
    assert marks.lost == frozenset(answers.test_cells(answers.source_notebook(assignment)))


BROKEN = {
    "missing": "raise ModuleNotFoundError('scipy')",
    "infinite": "def {name}(*args, **options):\n    return np.full(np.shape(args[0]), np.inf)",
    "zero": "def {name}(*args, **options):\n    return np.zeros(np.shape(args[0]))",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_broken_function_costs_no_other_that_is_right(assignment, broken):
    for function in answers.reference(assignment):
        lost = plain_grading.grade(assignment, {function: broken.format(name=function)}).lost
        assert _functions(lost) - {function} <= BUILT_ON.get(function, set()), function


def test_a_network_that_does_nothing_earns_no_number():
    idle = {
        "forward": "def forward(params, X, activation):\n"
        "    n, k = len(X), np.shape(params[0])[1]\n"
        "    return np.zeros((n, k)), np.zeros((n, k)), np.zeros(n)",
        "backward": "def backward(params, X, y, activation, cache):\n"
        "    return tuple(np.zeros(np.shape(p)) for p in params)",
        "train": "def train(params, X, y, activation, lr, steps):\n"
        "    return tuple(np.array(p, dtype=float) for p in params), [np.log(2.0)] * (steps + 1)",
    }
    cells = answers.test_cells(answers.source_notebook("07-network"))
    earned = cells.keys() - plain_grading.grade("07-network", idle).lost
    about_form = {f"{name}-{item}" for name in idle for item in ("shape", "inputs-unchanged")}
    assert {item for item in earned if item.split("-")[0] in idle} == about_form


FILLED = """
def _filled(value):
    if isinstance(value, (tuple, list)):
        return type(value)(map(_filled, value))
    return value if isinstance(value, str) else np.full(np.shape(value), {infinite})


{name} = (lambda right: lambda *args, **options: _filled(right(*args, **options)))({name})
"""


@pytest.mark.parametrize("infinite", ["np.inf", "-np.inf", "np.nan"])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_is_not_finite_earns_nothing_but_its_form(assignment, infinite):
    """Every function gives the right shapes, filled with infinity: what follows from one is no proof of another."""
    filled = {
        name: f"{code}\n\n\n{FILLED.format(name=name, infinite=infinite)}"
        for name, code in answers.reference(assignment).items()
    }
    cells = answers.test_cells(answers.source_notebook(assignment))
    earned = cells.keys() - plain_grading.grade(assignment, filled).lost
    of_numbers = [item.split("-", 1) for item in earned if "_activation-" not in item]
    assert {item for _, item in of_numbers} <= {
        "shape",
        "inputs-unchanged",
        "type",
        "unknown-scheme",
        "from-exponentials",
    }
