"""Functions of NumPy and Python that raise at times: `np.tanh` while a test looks at the student's own tanh.

They are replaced before any cell runs, wherever the same object is found in a public place, so that an alias, a
helper or `getattr` leads to the stand-in too. It forbids by what happens and not by what the text looks like. Who
digs in the stand-in itself finds the function: it is a rule of an exercise and no layer of confinement.
"""

from __future__ import annotations

import _imp
import cmath
import math
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PACKAGES = ("numpy", math.__name__, cmath.__name__)
_forbidden: set[str] = set()


class _Guarded:
    """Stands for a function, and raises while one of its names is forbidden."""

    def __init__(self, function: Any) -> None:
        self._function, self._names = function, set[str]()

    def _allowed(self) -> Any:
        if _forbidden and self._names & _forbidden:
            name = min(self._names & _forbidden).replace("numpy.", "np.")
            raise RuntimeError(f"{name} is not allowed here: work it out yourself")
        return self._function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._allowed()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function if name.startswith("__") else self._allowed(), name)

    def __repr__(self) -> str:
        return repr(self._function)


def guard(names: Sequence[str]) -> None:
    """Replace these functions ("numpy.tanh"), so that they can be forbidden.

    Names that mean nothing here are left out, and places that cannot be changed: no worker ends over them.
    """
    guarded: dict[int, _Guarded] = {}
    for name in names:
        with suppress(Exception):
            _guard(name, guarded)
    for place, holder in list(sys.modules.items()):
        if place.partition(".")[0] in _PACKAGES:
            _replace(holder, guarded)
    _imp.create_builtin = _no_second(_imp.create_builtin)
    _imp.create_dynamic = _no_second(_imp.create_dynamic)


def _no_second(create: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
    """Make no second module of what is compiled and guarded: its functions would be others.

    Which file or function makes it follows from the last part of its name. A specification that gives another name
    each time is read once.
    """

    def created(spec: ModuleSpec, *args: Any) -> ModuleType:
        once = ModuleSpec(str(spec.name), None, origin=str(spec.origin))
        if once.name.rpartition(".")[2] in _PACKAGES:
            raise ImportError(f"{once.name} is loaded already: no second one is made here", name=once.name)
        return create(once, *args)

    return created


def _guard(name: str, guarded: dict[int, _Guarded]) -> None:
    module, _, attribute = name.rpartition(".")
    function = getattr(sys.modules.get(module), attribute, None)
    if isinstance(function, _Guarded):
        function._names.add(name)
    elif callable(function):
        guarded.setdefault(id(function), _Guarded(function))._names.add(name)


def _replace(holder: object, guarded: dict[int, _Guarded]) -> None:
    """Replace what a module holds, and what its objects hold: `np.ma.tanh` keeps NumPy's."""
    for name, value in list(getattr(holder, "__dict__", {}).items()):
        with suppress(Exception):
            if id(value) in guarded:
                setattr(holder, name, guarded[id(value)])
            elif isinstance(holder, ModuleType) and type(value).__module__.startswith("numpy.ma"):
                _replace(value, guarded)


def forbid(names: Sequence[str]) -> None:
    """Let these of the replaced functions raise, and no others."""
    _forbidden.clear()
    _forbidden.update(names)
