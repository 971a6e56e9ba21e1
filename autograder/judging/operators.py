"""The special methods of a student's class that a test may use from outside, in two kinds; judge and worker know both.

`PLAIN` methods take nothing of the test's but places and names. `COMPARING` ones take the other operand, which may be
what the test expects.
"""

_PLAIN = """
len iter next getitem setitem delitem reversed str repr format bool int float complex index round trunc floor ceil
abs neg pos invert enter exit hash call length_hint
"""
_COMPARISON = "eq ne lt le gt ge contains"
_ARITHMETIC = "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift"

PLAIN = frozenset(f"__{name}__" for name in _PLAIN.split())
COMPARING = frozenset(
    f"__{name}__"
    for name in (
        *_COMPARISON.split(),
        *(way + name for name in _ARITHMETIC.split() for way in ("", "r", "i")),
    )
)
UNHASHABLE = "!__hash__"
"""What a worker says of a class whose instances cannot be hashed."""
COMPARES = "(compares)"
"""What a worker says of an object whose class has an `__eq__` of its own."""
