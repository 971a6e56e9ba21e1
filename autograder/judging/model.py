"""What the instructor's own answers define, by their text: how far tests may reach into a student's objects.

A submission is held to it. Only where the instructor's answers define a class of that name does a test reach a
student's operators, and only a name that they import from a place, as the student's do, is the judge's own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from autograder.judging.cell_code import statements

_MAKERS = frozenset(
    ("namedtuple", "NamedTuple", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "make_dataclass", "type")
)


@dataclass(frozen=True)
class ClassText:
    """What a class has by its text: names of attributes, and the methods that always return such instances."""

    attributes: frozenset[str] = frozenset()
    makes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Model:
    """What some cells define. `makes` are functions that always return instances of `classes`; `imports` says where a
    name comes from ("numpy", "math:sqrt"); `shared` are the global values that their functions look up.
    """

    classes: Mapping[str, ClassText] = field(default_factory=dict)
    makes: frozenset[str] = frozenset()
    imports: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def beside(self, modules: tuple[str, ...], files: Model) -> Model:
        """The model with that of the modules beside the notebook: what cells import from those runs with the cells."""
        elsewhere = {n: place for n, place in self.imports.items() if place.partition(":")[0] not in modules}
        return replace(self, imports=elsewhere, classes={**files.classes, **self.classes})

    def of_itself(self) -> Model:
        """The model to hold these very cells to, where nobody else's are known: it says nothing of what is returned."""
        plain = {name: ClassText(text.attributes) for name, text in self.classes.items()}
        return Model(plain, imports=self.imports)


@lru_cache(maxsize=200)
def model_of(sources: tuple[str, ...], further: frozenset[str] = frozenset()) -> Model:
    """Read cells; one that is not Python says nothing. `further` are classes that they have from elsewhere."""
    nodes = [node for source in sources for node in statements(source)]
    bodies = {name: body for node in nodes for name, body in _classes(node)}
    names = further | frozenset(bodies)
    bound = frozenset(name for node in nodes for name in _bound(node))
    looked_up = frozenset(name for node in nodes for name in _looked_up(node))
    return Model(
        {name: ClassText(_attributes(body), _makers(body, names)) for name, body in bodies.items()},
        _makers(nodes, names),
        {name: place for node in nodes for name, place in _imported(node)},
        bound,
        bound & looked_up,
    )


def _classes(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The names of the classes that a statement makes, with what is in them."""
    if isinstance(node, ast.ClassDef):
        yield node.name, node.body
    elif (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _last(node.value.func) in _MAKERS
    ):
        yield from ((item.id, []) for item in node.targets if isinstance(item, ast.Name))


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _attributes(body: Iterable[ast.stmt]) -> frozenset[str]:
    """What a class and its instances have by its text."""
    stored = (
        item for node in body for item in ast.walk(node) if isinstance(getattr(item, "ctx", None), ast.Store)
    )
    named = {item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "") for item in stored}
    return frozenset(named | {item.name for item in body if isinstance(item, ast.FunctionDef)})


def _makers(body: Iterable[ast.stmt], classes: frozenset[str]) -> frozenset[str]:
    """The functions among statements whose every `return` makes an instance of one of the classes."""
    functions = (node for node in body if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in functions if _always_makes(node, classes))


def _always_makes(function: ast.FunctionDef, classes: frozenset[str]) -> bool:
    nodes = list(ast.walk(function))
    if any(isinstance(node, (ast.Yield, ast.YieldFrom, ast.Lambda)) for node in nodes):
        return False
    assigned: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    returned = [node.value for node in nodes if isinstance(node, ast.Return)]
    kept = [value for value in returned if not (isinstance(value, ast.Name) and value.id == "NotImplemented")]
    return bool(kept) and all(_is_made(value, classes, assigned) for value in kept)


def _is_made(value: ast.expr | None, classes: frozenset[str], assigned: Mapping[str, list[ast.expr]]) -> bool:
    if isinstance(value, ast.Name):
        return value.id == "self" or (
            value.id in assigned and all(_is_made(item, classes, {}) for item in assigned[value.id])
        )
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id in classes or value.func.id == "cls"
    own = isinstance(value.func, ast.Attribute) and value.func.attr == "__class__"
    return own or (isinstance(value.func, ast.Call) and _last(value.func.func) == "type")


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from ((alias.asname or alias.name, f"{node.module}:{alias.name}") for alias in node.names)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))


def _looked_up(node: ast.stmt) -> Iterator[str]:
    """The names that the functions of a statement look up: some of them are global."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from (item.id for item in ast.walk(node) if isinstance(item, ast.Name))
        yield from (name for item in ast.walk(node) if isinstance(item, ast.Global) for name in item.names)
