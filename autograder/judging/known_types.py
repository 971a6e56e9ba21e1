"""The types that travel as values: each side has its own, and calling one runs nothing of the other's.

Errors are left out: an `except` with a type that a student chose would catch what is to fail the test.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

_BUILTIN = "int float complex bool str bytes bytearray list tuple set frozenset dict range slice object"
_NUMPY = """
ndarray bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
generic number integer floating
"""

TYPES: dict[str, Any] = {
    **{f"builtins:{name}": getattr(builtins, name) for name in _BUILTIN.split()},
    **{f"numpy:{name}": getattr(np, name) for name in _NUMPY.split()},
    "builtins:NoneType": type(None),
}
"""By the keys of their handles."""
KEYS: dict[Any, str] = {kind: key for key, kind in TYPES.items()}
