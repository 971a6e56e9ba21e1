"""The standard library and NumPy, held in memory: what a worker imports, it imports from here.

A confined worker opens no file of the machine. Files of the machine are shared by all workers, and whether a page of
one is in memory, or how long a look at a name takes, would tell one submission what another did.

Extension modules cannot be loaded from memory, so those that may be wanted are loaded before any worker is forked.
"""

from __future__ import annotations

import importlib
import importlib.util
import marshal
import os
import struct
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

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


@dataclass(frozen=True)
class _Kept:
    """A module's file: its path, its code as Python compiled it (or nothing) and its source (where it is shown)."""

    path: str
    code: bytes
    source: bytes

    @property
    def is_package(self) -> bool:
        return os.path.basename(self.path) == "__init__.py"


class Library(MetaPathFinder, InspectLoader):
    """Finds and loads modules of the standard library and of NumPy from memory."""

    def __init__(self) -> None:
        base = {"installed_base": sys.base_prefix, "installed_platbase": sys.base_exec_prefix}
        base |= {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}  # not the virtual environment's
        self._kept = dict(_files(sysconfig.get_path("stdlib", vars=base), ""))
        self._kept.update(_files(os.path.dirname(np.__file__), "numpy."))

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
        return self.source_to_code(kept.source, kept.path)

    def get_source(self, fullname: str) -> str | None:
        """Return a module's source, None where it is not kept."""
        source = self._of(fullname).source
        return importlib.util.decode_source(source) if source else None

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
