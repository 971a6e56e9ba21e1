"""What the mutants of a function are."""

import ast

import pytest

from tests.mutation import mutants
from tests.mutation.mutants import difference, normal, variants

ELU = '''
def elu(z, alpha=1.0):
    """Return z where z >= 0."""
    return np.where(z >= 0, z, alpha * np.expm1(z))
'''


def _changed(code: str) -> set[str]:
    return {difference(normal(code), variant)[1] for variant in variants(code)}


@pytest.mark.parametrize(
    "line",
    [
        "def elu(alpha, z=1.0):",
        "def elu(z, alpha=-1.0):",
        "pass",
        "return -np.where(z >= 0, z, alpha * np.expm1(z))",
        "return np.round(np.where(z >= 0, z, alpha * np.expm1(z)), 6)",
        "return np.where(z > 0, z, alpha * np.expm1(z))",
        "return np.where(z < 0, z, alpha * np.expm1(z))",
        "return np.where(z >= 1, z, alpha * np.expm1(z))",
        "return np.where(z >= 0.001, z, alpha * np.expm1(z))",
        "return np.where(z >= 0, alpha * np.expm1(z), z)",
        "return np.where(z >= 0, z)",
        "return np.where(z >= 0, z, alpha / np.expm1(z))",
        "return np.where(z >= 0, z, np.expm1(z))",
        "return np.where(z >= 0, z, alpha * np.exp(z))",
        "return np.where(z >= 0, z, alpha * z)",
        "return alpha * np.expm1(z)",
    ],
)
def test_a_fault_of_every_kind_is_among_them(line: str) -> None:
    assert line in _changed(ELU)


def test_an_axis_a_copy_and_a_statement_get_lost() -> None:
    code = "def f(Z):\n    Z = Z.copy()\n    Z -= Z.max(axis=1, keepdims=True)\n    return Z"
    changed = _changed(code)
    assert {"Z = Z", "pass", "Z = Z.max(axis=1, keepdims=True)"} <= changed
    assert {
        f"Z -= Z.max({rest})" for rest in ("keepdims=True", "axis=1", "axis=1, keepdims=False")
    } <= changed


def test_work_in_place_changes_what_was_given() -> None:
    assert "z -= 1" in _changed("def f(z):\n    z = z - 1\n    return z")


def test_texts_are_equal_or_not_and_recipes_are_shuffled() -> None:
    changed = _changed("def f(kind, X):\n    if kind == 'he':\n        return np.einsum('nd->dn', X)")
    assert {"if kind != 'he':", "if kind == 'not he':", "return np.einsum('dn->dn', X)"} <= changed
    assert "if kind >= 'he':" not in changed


def test_messages_and_docstrings_stay() -> None:
    code = "def f(kind):\n    'Return nothing.'\n    raise ValueError(f'no {kind!r} of {2}')"
    assert _changed(code) == {"pass"}


def test_what_is_the_same_by_the_rules_of_the_language_is_no_mutant() -> None:
    code = "def f(z):\n    return np.maximum(z, - -z)"
    assert not {"return np.maximum(z, z)", "return np.maximum(z, --z)"} & _changed(code)
    assert "return np.minimum(z, z)" in _changed(code)


def test_every_variant_is_another_function_that_python_understands() -> None:
    found = list(variants(ELU))
    assert len(found) == len(set(found)) > 30
    assert normal(ELU) not in found
    assert all(ast.parse(code).body[0].name == "elu" for code in found)


def test_a_name_for_a_mutant_does_not_depend_on_where_its_line_stands() -> None:
    lower = ELU.replace("    return", "    # A remark.\n\n    return")
    assert _changed(lower) == _changed(ELU)


def test_every_function_has_mutants() -> None:
    for assignment in mutants.assignments():
        functions = {mutant.function for mutant in mutants.of(assignment)}
        assert functions == set(mutants.answers.reference(assignment))
