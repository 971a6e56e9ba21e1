"""Which packages a notebook needs: those that its cells import, directly or through modules beside it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

PACKAGES = {"sklearn": "scikit-learn"}
WITH_ANY_KERNEL = {"IPython", *sys.stdlib_module_names}
FOR_BUILDING = {"babel"}  # reads catalogues, which a browser gets compiled


def packages(cells: Iterable[str], folder: Path) -> list[str]:
    """The names under which `pip` knows the packages, sorted; own modules and what any kernel has left out."""
    return reached(cells, folder)[0]


def reached(cells: Iterable[str], folder: Path) -> tuple[list[str], set[Path]]:
    """The packages that the cells need, as above, and the files of the folder's own modules."""
    waiting = [(ast.parse(cell), "") for cell in cells]
    local: set[Path] = set()
    needed: set[str] = set()
    while waiting:
        for name in _imported(*waiting.pop()):
            own = {path for path in _files(name, folder) if path.is_file()}
            waiting += [(ast.parse(path.read_text("utf-8")), _package(path, folder)) for path in own - local]
            local |= own
            top = name.partition(".")[0]
            if not own and not (folder / top).is_dir() and top not in WITH_ANY_KERNEL | FOR_BUILDING:
                needed.add(PACKAGES.get(top, top))
    return sorted(needed), local


def _files(name: str, folder: Path) -> list[Path]:
    """The files of a module of the folder and of the packages that it lies in, whether they exist or not."""
    parts = name.split(".")
    ways = [folder.joinpath(*parts[: i + 1]) for i in range(len(parts))]
    return [file for way in ways for file in (way.with_suffix(".py"), way / "__init__.py")]


def _package(path: Path, folder: Path) -> str:
    return ".".join(path.parent.relative_to(folder).parts)


def _imported(tree: ast.Module, package: str) -> Iterable[str]:
    """Names of imported modules; a name imported from a package may be one of its modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [package if node.level else "", node.module]))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names if alias.name != "*")
