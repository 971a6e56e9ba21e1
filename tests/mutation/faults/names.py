"""Names that are taken for one another: the function next door, the wrong type, the wrong attribute."""

_PAIRS = """
maximum minimum
max min
argmax argmin
any all
exp expm1
log log1p
exp log
expm1 log1p
sum mean
std var
ones zeros
ones_like zeros_like
ones_like empty_like
floor ceil
logical_and logical_or
logaddexp maximum
erf erfc
array asarray
int float
float64 float32
flatten ravel
hstack vstack
cumsum cumprod
normal uniform
append extend
argsort sort
"""
_ONE_WAY = """
sqrt square
exp exp2
log log10
tanh sinh
tanh arctan
abs negative
absolute negative
sum max
mean sum
mean median
max sum
max mean
sign abs
copy view
dot multiply
"""


def _table() -> dict[str, tuple[str, ...]]:
    pairs = [tuple(line.split()) for line in _PAIRS.split("\n") if line]
    one_way = [tuple(line.split()) for line in _ONE_WAY.split("\n") if line]
    table: dict[str, list[str]] = {}
    for name, other in [*pairs, *((b, a) for a, b in pairs), *one_way]:
        table.setdefault(name, []).append(other)
    return {name: tuple(dict.fromkeys(others)) for name, others in table.items()}


OTHER_NAMES = _table()
"""For a name of a function, type or attribute, the names that might stand there by mistake."""
