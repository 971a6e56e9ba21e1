"""Typed messages between judge and worker: what travels, and how.

    tag    what travels                                    tag    what travels
    N T F  None, True, False                               a A    an array; A: its bytes go beside the message
    i d c  an integer, a float, a complex number           u      an array of text
    s b    text, bytes                                     g      a scalar of NumPy's
    t l    a tuple, a list                                 G S    a random Generator, a RandomState
    e z m  a set, a frozenset, a dict                      o      a type of the table in `typed`, by its name
    x      a range                                         n      a named tuple, by its name and fields
    r v    an object met before, a view of such an array   h      a handle: the object stays where it is

Other subclasses are sent as the plain type below them, so what arrives can never lie about itself. Nothing here runs
what it reads: no pickle, no `eval`, no lookup of a name. `writer` writes it and `reader` reads it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.judging import randomness, typed
from autograder.judging.arrays import APART
from autograder.judging.budget import WireError, size_of
from autograder.judging.reader import Decoder
from autograder.judging.writer import Encoder, Fresh, Handle

__all__ = [
    "APART",
    "CODE",
    "Decoder",
    "Encoder",
    "Fresh",
    "Handle",
    "WireError",
    "randomness",
    "size_of",
    "typed",
]

CODE = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))
).hexdigest()
"""Which code this is: judge and worker must have the same."""
