"""What student code imports: modules held in memory, stand-ins for plotting, and nothing that is not of the course.

A confined worker opens no file of the machine. Files of the machine are shared by all workers, and whether a page of
one is in memory, or how long a look at a name takes, would tell one submission what another did.

Extension modules cannot be loaded from memory, so those that may be wanted are loaded before any worker is forked.
Plotting and widget packages are stand-ins with which anything may be done, and nothing happens: grading looks at
values, and the real packages would cost half a second and tens of megabytes.
"""

from __future__ import annotations

import dis
import importlib
import importlib.util
import marshal
import mmap
import os
import struct
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.abc import InspectLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import chain
from types import CodeType, ModuleType
from typing import Any

import numpy as np

_LEFT_OUT = """
site-packages dist-packages test tests idlelib tkinter turtledemo lib2to3 ensurepip distutils lib-dynload __pycache__
"""
_COMPILED = f".{sys.implementation.cache_tag}.pyc"
_HEADER = struct.Struct("<4sIII")  # magic number, flags, time stamp and size of the source
_LONGEST = 1 << 24
_PRELOADED = """
array binascii bz2 cmath collections ctypes csv dataclasses datetime decimal fcntl fractions grp hashlib heapq json lzma
math mmap pickle pyexpat queue random resource select socket statistics struct termios typing unicodedata uuid zlib
zoneinfo _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _elementtree _lsprof _multibytecodec
_multiprocessing _posixshmem _posixsubprocess
numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random
"""
"""Modules that are extensions, need some, or are wanted often."""
_PLOTS = ("matplotlib", "mpl_toolkits", "matplotlib_inline", "pylab", "seaborn", "plotly", "bokeh", "ipympl")
PACKAGES = frozenset((*_PLOTS, "ipywidgets", "IPython"))
_OFFERED = sys.stdlib_module_names | {"numpy"}
_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_ENOUGH = 64


@dataclass(frozen=True)
class _Kept:
    """A module's file: its path, its code as Python compiled it (or nothing) and its source (where it is shown)."""

    path: str
    code: bytes | memoryview
    source: bytes | memoryview

    @property
    def is_package(self) -> bool:
        return os.path.basename(self.path) == "__init__.py"


class Library(MetaPathFinder, InspectLoader):
    """Finds and loads modules of the standard library and of NumPy from memory."""

    def __init__(self) -> None:
        base = {"installed_base": sys.base_prefix, "installed_platbase": sys.base_exec_prefix}
        base |= {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}  # not the virtual environment's
        standard = _files(sysconfig.get_path("stdlib", vars=base), "")
        self._kept = dict(_in_one_file(chain(standard, _files(os.path.dirname(np.__file__), "numpy."))))

    def install(self, folders: Sequence[str] = ()) -> None:
        """Load the extension modules, then import everything else from here, from the working folder, and `folders`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in _PRELOADED.split():
                with suppress(ImportError):
                    importlib.import_module(name)
        for name, module in list(sys.modules.items()):
            if name in self._kept and module.__spec__ is not None:
                module.__loader__ = module.__spec__.loader = self  # it is asked for the lines of tracebacks
        sys.path[:] = ["", *folders]
        files = [finder for finder in sys.meta_path if getattr(finder, "__name__", "") == "PathFinder"]
        built_in = [f for f in sys.meta_path if f not in files and "_frozen_importlib" in f.__module__]
        sys.meta_path[:] = [*built_in, self, *files]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is, or None."""
        kept = self._kept.get(fullname)
        if kept is None:
            return None
        spec = importlib.util.spec_from_loader(fullname, self, origin=kept.path, is_package=kept.is_package)
        assert spec is not None
        spec.has_location = True
        if kept.is_package:
            spec.submodule_search_locations = [os.path.dirname(kept.path)]
        return spec

    def get_code(self, fullname: str) -> CodeType:
        """Return a module's code."""
        kept = self._of(fullname)
        if kept.code:
            code: CodeType = marshal.loads(kept.code)
            return code
        return self.source_to_code(bytes(kept.source), kept.path)

    def get_source(self, fullname: str) -> str | None:
        """Return a module's source, None where it is not kept."""
        source = self._of(fullname).source
        return importlib.util.decode_source(bytes(source)) if source else None

    def is_package(self, fullname: str) -> bool:
        """Say whether a module is a package."""
        return self._of(fullname).is_package

    def _of(self, fullname: str) -> _Kept:
        try:
            return self._kept[fullname]
        except KeyError:
            raise ImportError(f"no module named {fullname!r}", name=fullname) from None


def _files(folder: str, prefix: str) -> Iterator[tuple[str, _Kept]]:
    """Yield the modules in a folder by their full names. Sources are kept of packages, and where no code is."""
    compiled: dict[str, str] = {}
    left_out = _LEFT_OUT.split()
    with suppress(OSError), os.scandir(os.path.join(folder, "__pycache__")) as entries:
        compiled = {e.name.removesuffix(_COMPILED): e.path for e in entries if e.name.endswith(_COMPILED)}
    with os.scandir(folder) as entries:
        for entry in entries:
            name, extension = os.path.splitext(entry.name)
            if extension == ".py":
                code = _code(compiled[name], entry.stat()) if name in compiled else b""
                source = _content(entry.path) if prefix or not code else b""
                full = prefix.removesuffix(".") if name == "__init__" else prefix + name
                yield full, _Kept(entry.path, code, source)
            elif entry.name.isidentifier() and entry.name not in left_out and entry.is_dir():
                yield from _files(entry.path, f"{prefix}{entry.name}.")


def _in_one_file(modules: Iterable[tuple[str, _Kept]]) -> Iterator[tuple[str, _Kept]]:
    """The same modules, with their contents in one file in memory that each process maps for itself: they are half of
    all that the template holds, and a fork copies no tables of what is mapped from a file.
    """
    places = []
    with open(os.memfd_create("library"), "wb") as file:
        for name, kept in modules:
            middle = file.tell() + file.write(kept.code)
            places.append((name, kept.path, middle, middle + file.write(kept.source)))
        file.flush()
        whole = memoryview(mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ))
    start = 0
    for name, path, middle, end in places:
        yield name, _Kept(path, whole[start:middle], whole[middle:end])
        start = end


def _code(path: str, source: os.stat_result) -> bytes:
    """Return a compiled module's code, or nothing if it is of another Python or another source."""
    data = _content(path)
    fresh = importlib.util.MAGIC_NUMBER, 0, int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF
    is_fresh = len(data) > _HEADER.size and _HEADER.unpack_from(data) == fresh
    return data[_HEADER.size :] if is_fresh else b""


def _content(path: str) -> bytes:
    """Read a file with as few calls as can be: there are some two thousand."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)


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
        """Answer for the packages that have stand-ins, and their submodules; refuse what is not of the course."""
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
