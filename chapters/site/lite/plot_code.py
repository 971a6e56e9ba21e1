"""The code behind a plot, put into the cell that shows it: the functions that draw it and say what is seen."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

SHOWS = ("draw_", "describe_")
Definition = ast.FunctionDef | ast.ClassDef
_PARTS = re.compile(
    r'"""[\s\S]*?"""|f?"(?:[^"\\\n]|\\.)*"|[^"\n]+?(?=f?"|\n|$)'
)  # strings, and what is between them


@dataclass(frozen=True)
class Module:
    """A module with functions that draw."""

    name: str
    source: str
    tree: ast.Module
    whole: bool  # whether the notebook has all its names, by a star import

    @property
    def alias(self) -> str:
        """What the notebook calls the module itself."""
        return f"{self.name.rpartition('.')[2]}_plots"

    def drawing(self) -> dict[str, Definition]:
        """What the module draws with, by name: functions called draw_ and describe_, and classes."""
        nodes = [node for node in self.tree.body if isinstance(node, Definition)]
        return {n.name: n for n in nodes if n.name.startswith(SHOWS) or isinstance(n, ast.ClassDef)}

    def names(self) -> dict[str, str]:
        """The names at the top of the module, with what each means: where it was defined."""
        means = {}
        for node in self.tree.body:
            if isinstance(node, Definition):
                means[node.name] = f"{self.name}.{node.name}"
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                means |= {name: f"{self.name}.{name}" for name in _stored(node)}
            elif isinstance(node, ast.Import | ast.ImportFrom):
                start = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                means |= {alias.asname or alias.name: start + alias.name for alias in node.names}
        return means


@dataclass
class PlotCode:
    """Writes functions of the modules that a notebook draws with into its cells, each one once."""

    folder: Path
    modules: list[Module] = field(default_factory=list)
    _own: set[str] = field(default_factory=set)
    _written: set[str] = field(default_factory=set)

    def read(self, cell: str) -> None:
        """Note what a cell defines, and from which modules it draws. All are read before the first is opened."""
        tree = ast.parse(cell)
        self._own |= _stored(tree) | {node.name for node in tree.body if isinstance(node, Definition)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and any(a.name.startswith(("*", *SHOWS)) for a in node.names):
                path = self.folder / f"{(node.module or '').replace('.', '/')}.py"
                if path.is_file() and node.module not in {module.name for module in self.modules}:
                    source, star = path.read_text("utf-8"), node.names[0].name == "*"
                    self.modules.append(Module(str(node.module), source, ast.parse(source), star))

    def opened(self, cell: str) -> str:
        """The cell's code, with the functions that its plots are drawn by put before the first plot."""
        tree = ast.parse(cell)
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        found = [text for name in dict.fromkeys(names) if (text := self._source(name))]
        if not found:
            return cell
        imports = [
            node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        lines = cell.split("\n")
        head = max(imports, default=0)
        parts = ["\n".join(lines[:head]), *found, "\n".join(lines[head:])]
        return "\n\n\n".join(part.strip("\n") for part in parts if part.strip())

    def _source(self, name: str) -> str:
        """A definition's text as it works in the notebook; empty where it is unknown or written already."""
        for module in self.modules:
            node = module.drawing().get(name)
            if node and name not in self._written:
                self._written.add(name)
                return self._qualified(module, node)
        return ""

    def _qualified(self, module: Module, node: Definition) -> str:
        """Names that mean something else, or nothing, in the notebook are taken from the module."""
        means = module.names()
        others = [other.names() for other in self.modules]
        unclear = {n for n in means if n.startswith("_") or n in self._own}
        unclear |= {n for n in means if any(other.get(n, means[n]) != means[n] for other in others)}
        unclear &= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)} - _stored(node)
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        text = "\n".join(module.source.split("\n")[first - 1 : node.end_lineno])
        for name in sorted(unclear):
            text = _renamed(text, name, f"{module.alias}.{name}")
        imports = [f"import {module.name} as {module.alias}"] if unclear else []
        if not module.whole and module.name not in self._written:
            self._written.add(module.name)
            imports.append(f"from {module.name} import *")
        return "\n\n\n".join(filter(None, ["\n".join(imports), text]))


def _renamed(code: str, name: str, new: str) -> str:
    """The code with another name, in f-strings too; other strings name the placeholders of messages."""
    found = re.compile(rf"(?<![\w.]){name}\b(?!=[^=])")

    def change(part: re.Match[str]) -> str:
        return part[0] if part[0].startswith('"') else found.sub(new, part[0])

    return _PARTS.sub(change, code)


def _stored(tree: ast.AST) -> set[str]:
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
