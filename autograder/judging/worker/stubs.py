"""Stand-ins for plotting and widget packages: anything may be done with them, and nothing happens.

Grading looks at values, not at plots. Importing the real packages would cost half a second and tens of
megabytes.
"""

from __future__ import annotations

import dis
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PLOTS = ("matplotlib", "mpl_toolkits", "matplotlib_inline", "pylab", "seaborn", "plotly", "bokeh", "ipympl")
PACKAGES = frozenset((*_PLOTS, "ipywidgets", "IPython"))
_OFFERED = sys.stdlib_module_names | {"numpy"}
_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_ENOUGH = 64


class Anything:
    """An object that can be called, indexed, unpacked, compared and computed with, to no effect."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        return ANYTHING

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return ANYTHING

    def __setattr__(self, name: str, value: Any) -> None: ...

    def __getitem__(self, key: Any) -> Any:
        return ANYTHING

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        """Unpack into as many as are asked for (`fig, ax = ...`); in a loop, give plenty."""
        frame = sys._getframe(1)
        code = frame.f_code.co_code
        wanted = code[frame.f_lasti + 1] if code[frame.f_lasti] == _UNPACK else _ENOUGH
        return iter([ANYTHING] * wanted)

    def __enter__(self) -> Any:
        return ANYTHING

    def __exit__(self, *exc: Any) -> None: ...

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "<plot>"

    def _self(self, other: Any = None) -> Any:
        return ANYTHING

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _self
    __neg__ = __pos__ = __or__ = __ror__ = __and__ = __rand__ = _self


ANYTHING: Any = Anything()


def interact(function: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Stand in for `ipywidgets.interact` as a call and as a decorator: the function stays what it is."""
    if callable(function) and not isinstance(function, Anything):
        return function
    return lambda decorated: decorated


class _Module(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("interact", "interact_manual", "interactive"):
            return interact
        return ANYTHING


class Finder(MetaPathFinder, Loader):
    """Finds a stand-in for each of `PACKAGES`; `display` is what `IPython.display.display` becomes.

    Besides them there are NumPy and the standard library, on every machine alike, and the student's own
    files.
    """

    def __init__(self, display: Callable[..., None]) -> None:
        self._display = display

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the packages that have stand-ins, and their submodules; refuse what is not of the
        course.
        """
        package = name.partition(".")[0]
        if package in PACKAGES:
            return ModuleSpec(name, self, is_package=True)
        if package in _OFFERED or os.path.exists(f"{package}.py"):
            return None
        raise ModuleNotFoundError(
            f"No module named {name!r} (only NumPy and the standard library)", name=name
        )

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the stand-in."""
        module = _Module(spec.name)
        module.__path__ = []
        if spec.name in ("IPython.display", "IPython.core.display_functions"):
            module.__dict__["display"] = self._display
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


class Only(MetaPathFinder):
    """Refuses every package but those named, what they need, the standard library and the student's own files."""

    def __init__(self, allowed: set[str]) -> None:
        self._allowed = allowed | _OFFERED

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Leave what is allowed to the other finders."""
        package = name.partition(".")[0]
        if package in self._allowed or os.path.exists(f"{package}.py") or os.path.isdir(package):
            return None
        raise ModuleNotFoundError(f"No module named {name!r} (not a package of this course)", name=name)
