"""What strict tests reach: each test here passes for a right answer, judged from outside, and fails for a blank one.

The answers are classes, iterators, further types of values, globals, seeds: what other courses ask for. Each pair also
runs in one process, where a test means what its author meant.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.model import model_of
from autograder.judging.outcome import Cell, Outcome
from autograder.judging.session import Session

CASES = {
    "instances that a function makes, compared with each other": (
        """\
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __eq__(self, other):
        return self.cents == other.cents
def euros(n):
    return Money(100 * n)
""",
        "assert euros(2) == euros(2) and euros(1) != euros(2)",
    ),
    "a frozen dataclass": (
        """\
from dataclasses import dataclass
@dataclass(order=True, frozen=True)
class P:
    x: int
    y: int = 0
""",
        """\
from dataclasses import FrozenInstanceError, asdict, astuple, fields
p = P(1)
assert asdict(p) == {"x": 1, "y": 0} and astuple(p) == (1, 0) and p < P(2)
assert [field.name for field in fields(P)] == ["x", "y"]
try:
    p.x = 3
except FrozenInstanceError:
    pass
else:
    raise AssertionError
""",
    ),
    "a choice that a test seeds after it patched it": (
        "import random\ndef pick(items):\n    return random.choice(items)",
        """\
import random
from unittest.mock import patch
with patch("random.choice", return_value=9):
    assert pick([1]) == 9
random.seed(1)
first = pick(range(1000))
random.seed(1)
assert first == pick(range(1000)) and pick([1]) == 1
""",
    ),
    "operators of a class": (
        """\
class V:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, o):
        return V(self.x + o.x, self.y + o.y)
    def __mul__(self, k):
        if isinstance(k, V):
            return self.x * k.x + self.y * k.y
        return V(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __eq__(self, o):
        return isinstance(o, V) and (self.x, self.y) == (o.x, o.y)
    def __hash__(self):
        return hash((self.x, self.y))
    def __repr__(self):
        return f"V({self.x}, {self.y})"
    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5
    def __neg__(self):
        return V(-self.x, -self.y)
    def __iter__(self):
        yield self.x
        yield self.y
    def __bool__(self):
        return bool(self.x or self.y)
""",
        """\
v, w = V(1, 2), V(3, 4)
assert v + w == V(4, 6)
assert v * 2 == V(2, 4) == 2 * v
assert v * w == 11
assert abs(w) == 5
assert -v == V(-1, -2)
assert list(v) == [1, 2]
x, y = v
assert (x, y) == (1, 2)
assert not V(0, 0) and v
assert repr(v) == "V(1, 2)" and str(v + w) == "V(4, 6)"
assert len({V(1, 2), V(1, 2), w}) == 2
assert v != w and v in [V(1, 2)]
assert sum([v, w], V(0, 0)) == V(4, 6)
(v + w).x == 4
""",
    ),
    "a stack": (
        """\
class Stack:
    def __init__(self):
        self._items = []
    def push(self, x):
        self._items.append(x)
        return self
    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()
    def size(self):
        return len(self._items)
    def __len__(self):
        return len(self._items)
    def __contains__(self, x):
        return x in self._items
    @property
    def top(self):
        return self._items[-1]
    def is_empty(self):
        return not self._items
""",
        """\
s = Stack()
assert s.is_empty() and not s
s.push(1).push(2)
assert s.size() == len(s) == 2 and s.top == 2
assert 2 in s and 3 not in s
assert s.pop() == 2 and s._items == [1]
s.pop()
try:
    s.pop()
except IndexError as e:
    assert "empty" in str(e)
else:
    raise AssertionError
""",
    ),
    "an exception of its own": (
        """\
class TooBig(ValueError):
    def __init__(self, amount):
        super().__init__(f"{amount} is too big")
        self.amount = amount
def check(x):
    if x > 3:
        raise TooBig(x)
    return x
""",
        """\
import unittest
try:
    check(5)
except TooBig as e:
    assert e.amount == 5 and "too big" in str(e)
else:
    raise AssertionError
assert issubclass(TooBig, ValueError)
class C(unittest.TestCase):
    def test(self):
        with self.assertRaises(TooBig) as c:
            check(9)
        self.assertEqual(c.exception.amount, 9)
r = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(C))
assert r.wasSuccessful()
""",
    ),
    "an abstract class, subclasses, and one more in the test": (
        '''\
from abc import ABC, abstractmethod
class Animal(ABC):
    count = 0
    def __init__(self, name):
        self.name = name
        Animal.count += 1
    @abstractmethod
    def sound(self):
        """what it says"""
    def speak(self):
        return f"{self.name} says {self.sound()}"
class Dog(Animal):
    """A dog."""
    def sound(self):
        return "wuff"
class Puppy(Dog):
    def sound(self):
        return super().sound() + "!"
''',
        """\
d = Puppy("Rex")
assert isinstance(d, Dog) and isinstance(d, Animal) and issubclass(Puppy, Dog)
assert d.speak() == "Rex says wuff!"
assert type(d).__name__ == "Puppy" and type(d) is Puppy
try:
    Animal("x")
except TypeError:
    pass
else:
    raise AssertionError
class Cat(Animal):
    def __init__(self, name, lives):
        super().__init__(name)
        self.lives = lives
    def sound(self):
        return "miau"
    def speak(self):
        return super().speak() + "?"
c = Cat("Tom", 9)
assert c.lives == 9 and c.speak() == "Tom says miau?" and Animal.count == 2
assert Dog.__doc__ == "A dog."
assert hasattr(d, "name") and not hasattr(d, "age")
assert callable(Dog) and not callable(d)
""",
    ),
    "enumerations": (
        """\
from enum import Enum, IntEnum
class Color(Enum):
    RED = 1
    BLUE = 2
class Level(IntEnum):
    LOW = 1
    HIGH = 2
def other(c):
    return Color.BLUE if c is Color.RED else Color.RED
""",
        """\
assert Color.RED.value == 1 and Color.RED.name == "RED" and Color["BLUE"] is Color.BLUE and Color(2) is Color.BLUE
assert [c.name for c in Color] == ["RED", "BLUE"] and len(Color) == 2
assert other(Color.RED) is Color.BLUE and other(Color.RED) == Color.BLUE
assert Level.LOW.name == "LOW" and isinstance(Color.RED, Color)
""",
    ),
    "data classes": (
        """\
from dataclasses import dataclass, field
@dataclass(order=True, frozen=True)
class P:
    x: int
    y: int = 0
@dataclass
class Cart:
    items: list = field(default_factory=list)
    def total(self):
        return sum(self.items)
""",
        """\
assert P(1) < P(2) and P(1, 2) == P(x=1, y=2) and P(1) != P(2)
assert sorted([P(2), P(1)]) == [P(1), P(2)]
assert hash(P(1)) == hash(P(1)) and repr(P(1)) == "P(x=1, y=0)"
try:
    P(1).x = 5
except AttributeError:
    pass
else:
    raise AssertionError
c = Cart()
c.items.append(3)
c.items = [1, 2]
assert c.total() == 3 and c == Cart([1, 2])
""",
    ),
    "generators and other iterators": (
        """\
def count():
    n = 0
    while True:
        yield n
        n += 1
def pairs(a, b):
    return zip(a, b)
def squares(n):
    return (i * i for i in range(n))
def doubled(xs):
    return map(lambda x: 2 * x, xs)
def average():
    total, n = 0, 0
    value = None
    while True:
        x = yield value
        total, n = total + x, n + 1
        value = total / n
""",
        """\
import itertools, types, inspect
assert list(itertools.islice(count(), 3)) == [0, 1, 2]
g = squares(3)
assert next(g) == 0 and list(g) == [1, 4]
assert dict(pairs("ab", [1, 2])) == {"a": 1, "b": 2}
assert isinstance(squares(2), types.GeneratorType) and inspect.isgeneratorfunction(count)
assert sum(doubled([1, 2])) == 6
a = average()
next(a)
assert a.send(2) == 2 and a.send(4) == 3
it = iter(squares(1))
next(it)
try:
    next(it)
except StopIteration:
    pass
else:
    raise AssertionError
""",
    ),
    "a global that a call changes": (
        """\
log = []
count = 0
def add(x):
    global count
    count += 1
    log.append(x)
""",
        """\
add(1)
assert log == [1] and count == 1
add(2)
assert log == [1, 2] and count == 2
""",
    ),
    "a global that the test changes": (
        """\
threshold = 3
cache = {}
def f(x):
    return x > threshold
def g(x):
    return cache.get(x)
""",
        """\
assert f(4)
threshold = 10
assert not f(4)
cache["a"] = 7
assert g("a") == 7
""",
    ),
    "modules that an ordinary cell imports": (
        """\
import numpy as np
import math
from math import sqrt
import statistics as st
from collections import Counter, deque
def f(x):
    return sqrt(x)
def q():
    return deque([1, 2], maxlen=2)
""",
        """\
assert f(4) == sqrt(4) == math.sqrt(4) and np.isclose(f(2), 2 ** .5)
assert st.mean([1, 3]) == 2
d = q()
assert isinstance(d, deque) and d.maxlen == 2 and list(d) == [1, 2]
assert Counter("aa")["a"] == 2
""",
    ),
    "input and output patched": (
        """\
def ask():
    n = int(input("n? "))
    print("got", n)
    return n * 2
""",
        """\
from unittest.mock import patch
import io
with patch("builtins.input", side_effect=["3", "4"]) as m, patch("sys.stdout", new_callable=io.StringIO) as out:
    assert ask() == 6 and ask() == 8
assert m.call_count == 2 and out.getvalue() == "got 3\\ngot 4\\n"
""",
    ),
    "standard input replaced": (
        """\
def ask():
    return input() + input()
""",
        """\
import sys, io
old, sys.stdin = sys.stdin, io.StringIO("a\\nb\\n")
try:
    assert ask() == "ab"
finally:
    sys.stdin = old
""",
    ),
    "print patched": (
        """\
def hello(n):
    for i in range(n):
        print("hi", i)
""",
        """\
from unittest.mock import patch, call
with patch("builtins.print") as p:
    hello(2)
assert p.call_args_list == [call("hi", 0), call("hi", 1)]
""",
    ),
    "NumPy's generator seeded": (
        """\
import numpy as np
def draw(n):
    return np.random.rand(n)
""",
        """\
import numpy as np
np.random.seed(7)
a = draw(3)
np.random.seed(7)
assert np.allclose(a, np.random.rand(3)) and not np.allclose(a, draw(3))
""",
    ),
    "a function of random patched": (
        """\
import random
def roll():
    return random.randint(1, 6)
""",
        """\
from unittest.mock import patch
with patch("random.randint", return_value=4):
    assert roll() == 4
assert 1 <= roll() <= 6
""",
    ),
    "what a function says of itself": (
        '''\
def f(x: int, y=2) -> int:
    """Adds."""
    return x + y
f.tag = "a"
''',
        """\
import inspect
assert f.__name__ == "f" and f.__doc__ == "Adds." and f.__defaults__ == (2,)
assert f.__annotations__ == {"x": int, "return": int} and f.tag == "a"
assert inspect.isfunction(f) and f.__code__.co_argcount == 2 and "For" not in inspect.getsource(f)
assert str(inspect.signature(f)) in ("(x, y=2)", "(x: int, y=2) -> int")
""",
    ),
    "decorators": (
        """\
import functools, time
def counted(f):
    @functools.wraps(f)
    def g(*a, **k):
        g.calls += 1
        return f(*a, **k)
    g.calls = 0
    return g
@counted
def sq(x):
    "square"
    return x * x
""",
        """\
sq(2); sq(3)
assert sq.calls == 2 and sq.__name__ == "sq"
@counted
def mine(a, b=1):
    return a + b
assert mine(1, b=2) == 3 and mine.calls == 1 and mine.__name__ == "mine" and mine.__wrapped__(1) == 2
""",
    ),
    "further types of values": (
        """\
from decimal import Decimal
from fractions import Fraction
import datetime as dt
import numpy as np
from collections import *
def f(k):
    months = np.arange("2020-01", "2020-03", dtype="datetime64[M]")
    days = [dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3), dt.timedelta(days=2), months]
    counted = [Counter("abca"), OrderedDict(a=1), {1: 2}.items(), slice(1, 2), ...]
    arrays = [np.array([1, "a", None], object), np.array(["a"], "S3")]
    return [Decimal("1.10"), Fraction(1, 3), *days, *counted, *arrays][k]
""",
        """\
from decimal import Decimal
from fractions import Fraction
import datetime as dt
import numpy as np
assert f(0) + Decimal("0.9") == 2 and str(f(0)) == "1.10" and f(1) * 3 == 1
assert f(2).year == 2020 and f(3) - f(3) == dt.timedelta(0) and f(4).days == 2
assert f(5)[1] == np.datetime64("2020-02")
assert f(6).most_common(1) == [("a", 2)] and list(f(7)) == ["a"] and list(f(8)) == [(1, 2)]
assert f(9) == slice(1, 2) and f(10) is ...
assert f(11).tolist() == [1, "a", None] and f(12)[0] == b"a"
""",
    ),
    "named tuples": (
        """\
from typing import NamedTuple
from collections import namedtuple
class P(NamedTuple):
    x: int
    y: int = 0
Q = namedtuple("Q", ["a", "b"])
def f():
    return Q(1, 2)
def g(q):
    return q.a + q.b
""",
        """\
q = f()
assert q.a == 1 and q == (1, 2) and isinstance(q, Q) and isinstance(q, tuple)
assert q._asdict() == {"a": 1, "b": 2} and Q._fields == ("a", "b")
assert g(q) == 3 and g(Q(3, 4)) == 7 and repr(q) == "Q(a=1, b=2)"
assert P(1, 2).y == 2 and P(1).y == 0 and q._replace(a=5).a == 5
""",
    ),
    "classes derived from list and dict": (
        """\
class Sorted(list):
    def add(self, x):
        self.append(x)
        self.sort()
class D(dict):
    def __missing__(self, k):
        return k * 2
""",
        """\
s = Sorted([3])
s.add(1)
assert s == [1, 3] and len(s) == 2 and isinstance(s, Sorted) and list(s) == [1, 3] and s[0] == 1
d = D()
d["a"] = 1
assert d["a"] == 1 and d["b"] == "bb" and "a" in d
""",
    ),
    "classes that can be iterated": (
        """\
class Down:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
class Tree:
    def __init__(self, v, kids=()):
        self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
""",
        """\
assert list(Down(3)) == [2, 1, 0]
t = Tree(1, [Tree(2), Tree(3, [Tree(4)])])
assert list(t) == [1, 2, 3, 4]
from collections.abc import Iterable, Iterator
assert isinstance(t, Iterable) and isinstance(Down(1), Iterator)
""",
    ),
    "context managers": (
        """\
import contextlib
class Swallow:
    def __init__(self, kind):
        self.kind = kind
        self.seen = None
    def __enter__(self):
        return self
    def __exit__(self, t, e, tb):
        self.seen = t
        return t is not None and issubclass(t, self.kind)
@contextlib.contextmanager
def tag(name, out):
    out.append("<" + name)
    yield name
    out.append(name + ">")
""",
        """\
with Swallow(ValueError) as s:
    raise ValueError("x")
try:
    with Swallow(ValueError):
        raise KeyError(1)
except KeyError:
    pass
else:
    raise AssertionError
out = []
with tag("b", out) as n:
    assert n == "b"

""",
    ),
    "linked objects": (
        """\
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
class LinkedList:
    def __init__(self):
        self.head = None
    def prepend(self, v):
        self.head = Node(v, self.head)
    def to_list(self):
        out, n = [], self.head
        while n:
            out.append(n.value)
            n = n.next
        return out
def reverse(l):
    out = LinkedList()
    for v in l.to_list():
        out.prepend(v)
    return out
""",
        """\
l = LinkedList()
for i in range(3):
    l.prepend(i)
assert l.head.value == 2 and l.head.next.next.next is None
assert reverse(l).to_list() == [0, 1, 2] and isinstance(l.head, Node)
l.head = Node(9)
assert l.to_list() == [9]
""",
    ),
    "a class with indices and a shape": (
        """\
import numpy as np
class Matrix:
    def __init__(self, rows):
        self.rows = rows
        self.shape = (len(rows), len(rows[0]))
    @property
    def T(self):
        return Matrix([list(c) for c in zip(*self.rows)])
    def __matmul__(self, o):
        return Matrix((np.array(self.rows) @ np.array(o.rows)).tolist())
    def __getitem__(self, ij):
        return self.rows[ij[0]][ij[1]]
    def __setitem__(self, ij, v):
        self.rows[ij[0]][ij[1]] = v
    def __eq__(self, o):
        return self.rows == o.rows
""",
        """\
m = Matrix([[1, 2], [3, 4]])
assert m.shape == (2, 2) and m[0, 1] == 2
m[0, 1] = 5
assert m[0, 1] == 5
assert m @ Matrix([[1, 0], [0, 1]]) == m
assert m.T == Matrix([[1, 3], [5, 4]])
""",
    ),
    "a layer of a network": (
        """\
import numpy as np
class Dense:
    def __init__(self, n_in, n_out, seed=0):
        rng = np.random.default_rng(seed)
        self.W = rng.normal(size=(n_in, n_out))
        self.b = np.zeros(n_out)
    def forward(self, X):
        self.X = X
        return X @ self.W + self.b
    def backward(self, g):
        self.dW = self.X.T @ g
        self.db = g.sum(0)
        return g @ self.W.T
    def __call__(self, X):
        return self.forward(X)
""",
        """\
import numpy as np
d = Dense(3, 2)
X = np.ones((4, 3))
assert d(X).shape == (4, 2) and np.allclose(d.forward(X), X @ d.W + d.b)
g = np.ones((4, 2))
assert np.allclose(d.backward(g), g @ d.W.T) and np.allclose(d.dW, X.T @ g) and d.db.tolist() == [4, 4]
d.W = np.zeros((3, 2))
assert not d(X).any()
d.W[0, 0] = 1
""",
    ),
    "coroutines": (
        """\
import asyncio
async def f(x):
    await asyncio.sleep(0)
    return x + 1
""",
        """\
import asyncio
assert await f(2) == 3
assert await asyncio.gather(f(1), f(2)) == [2, 3]
""",
    ),
    "a name of Python's own": (
        """\
def max(xs):
    m = xs[0]
    for x in xs:
        m = x if x > m else m
    return (m, "mine")
""",
        """\
assert max([1, 3]) == (3, "mine")
""",
    ),
    "closures": (
        """\
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
def compose(*fs):
    def h(x):
        for f in fs:
            x = f(x)
        return x
    return h
""",
        """\
c, d = counter(), counter()
assert (c(), c(), d()) == (1, 2, 1)
assert compose(lambda x: x + 1, str, len)(99) == 3
assert callable(c) and c.__name__ == "step"
""",
    ),
    "properties, class methods and private names": (
        """\
class Account:
    rate = 0.05
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.__balance = balance
    @property
    def balance(self):
        return self.__balance
    @balance.setter
    def balance(self, v):
        if v < 0:
            raise ValueError("negative")
        self.__balance = v
    @classmethod
    def empty(cls, owner):
        return cls(owner)
    @staticmethod
    def valid(x):
        return x > 0
    def __str__(self):
        return f"{self.owner}: {self.__balance:.2f}"
""",
        """\
a = Account("Ann", 5)
a.balance = 7
assert a.balance == 7
try:
    a.balance = -1
except ValueError as e:
    assert str(e) == "negative"
else:
    assert False
assert str(a) == "Ann: 7.00" and f"{a}" == "Ann: 7.00"
assert Account.empty("B").balance == 0 and Account.valid(1) and Account.rate == 0.05
Account.rate = 0.1
assert a.rate == 0.1
assert a._Account__balance == 7
assert vars(a) == {"owner": "Ann", "_Account__balance": 7}
assert isinstance(a.balance, int) and not hasattr(a, "nothing")
""",
    ),
    "a class that can be called": (
        """\
class Poly:
    def __init__(self, *c):
        self.c = list(c)
    def __call__(self, x):
        return sum(a * x**i for i, a in enumerate(self.c))
    def __add__(self, o):
        if isinstance(o, (int, float)):
            o = Poly(o)
        n = max(len(self.c), len(o.c))
        a = self.c + [0] * (n - len(self.c))
        b = o.c + [0] * (n - len(o.c))
        result = Poly(*[x + y for x, y in zip(a, b)])
        return result
    __radd__ = __add__
    def __eq__(self, o):
        return self.c == o.c
    def derivative(self):
        return Poly(*[i * a for i, a in enumerate(self.c)][1:])
""",
        """\
p = Poly(1, 2)
assert p(3) == 7 and (p + 1)(0) == 2 and (1 + p) == Poly(2, 2)
assert (p + p) + 1 == Poly(3, 4)
assert p.derivative() == Poly(2) and p.derivative().c == [2]
""",
    ),
    "an iterator of the test": (
        """\
def chunks(items, n):
    buf = []
    for x in items:
        buf.append(x)
        if len(buf) == n:
            yield buf
            buf = []
""",
        """\
asked = []
def counted():
    for n in range(100):
        asked.append(n)
        yield n
assert next(chunks(counted(), 3)) == [0, 1, 2]
assert len(asked) <= 4
assert list(chunks(iter([1, 2]), 1)) == [[1], [2]]
""",
    ),
    "a generator seeded twice": (
        """\
import random
def dice():
    return random.randint(1, 6)
""",
        """\
import random
random.seed(8)
first = [dice() for _ in range(10)]
random.seed(8)
assert [dice() for _ in range(10)] == first
assert len({dice() for _ in range(100)}) == 6
""",
    ),
}


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm(packages=("*",)) as warm:
        yield warm


def judged(warm: Warm, answer: str, test: str, model: str | None = None) -> Outcome:
    """The outcome of a test of an answer; the instructor's own answer is `model`, or else the same."""
    cells = [Cell("student", "answer", answer), Cell("test", "test", test)]
    with Session(warm, model=model_of((model or answer,))) as session:
        return session.judge(cells)[1]


@pytest.mark.parametrize(("answer", "test"), CASES.values(), ids=CASES)
def test_a_right_answer_passes_from_outside(warm: Warm, answer: str, test: str) -> None:
    outcome = judged(warm, answer, test)
    assert outcome.passed, outcome.error


@pytest.mark.parametrize(("answer", "test"), CASES.values(), ids=CASES)
def test_a_blank_answer_fails(warm: Warm, answer: str, test: str) -> None:
    assert not judged(warm, "raise NotImplementedError", test, model=answer).passed


@pytest.mark.parametrize(("answer", "test"), CASES.values(), ids=CASES)
def test_and_the_same_in_one_process(answer: str, test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    for source in (answer, test):
        if "getsource" in source:
            source = source.replace("inspect.getsource(f)", "''")
        code = compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, vars(module)))
        else:
            exec(code, vars(module))
