from __future__ import annotations

import random
from collections import Counter, OrderedDict, deque, namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from time import perf_counter

import numpy as np
import pytest

from autograder.judging.limits import MAX_INT_BYTES
from autograder.judging.wire import Decoder, Encoder, Handle, WireError
from tests.support import memory

PLAIN = [
    None,
    True,
    False,
    0,
    -1,
    127,
    -128,
    10**400,
    -(10**400),
    0.0,
    -0.0,
    float("inf"),
    1.5 - 2j,
    "",
    "z̃ → λ",
    "\udc80 alone",
    b"\0\xff",
    (),
    (1, (2, [3])),
    [],
    [1, "a", None],
    {"a": [1], 2: {"b": ()}, (1, 2): 3.5},
    {1, 2},
    frozenset({"x"}),
    range(2, 9, 3),
]


def sent(value: object, **options: object) -> object:
    return Decoder(Encoder().encode(value), **options).decode()


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_arrive_equal_and_of_the_same_type(value):
    arrived = sent(value)
    assert arrived == value
    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)


@pytest.mark.parametrize(
    "code", ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", "g"]
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4), (1, 2, 3, 2)])
def test_arrays_keep_dtype_shape_and_values(code, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(code)
    arrived = sent(array)
    assert type(arrived) is np.ndarray
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert np.array_equal(arrived, array)


def test_nan_and_infinity_survive_in_arrays():
    array = np.array([np.nan, np.inf, -np.inf, -0.0])
    assert sent(array).tobytes() == array.tobytes()


TYPED = [
    Decimal("1.10"),
    Decimal("-Infinity"),
    Fraction(-1, 3),
    date(2020, 2, 29),
    time(1, 2, 3, 4),
    datetime(2020, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
    timedelta(-1, 2, 3),
    slice(1, None, 2),
    ...,
    NotImplemented,
    deque([1, [2]], maxlen=3),
    Counter("abca"),
    OrderedDict(b=1, a=2),
    np.datetime64("2020-01-02"),
    np.timedelta64(3, "h"),
    {n: str(n) for n in range(5000)},
]


@pytest.mark.parametrize("value", TYPED, ids=lambda value: type(value).__name__)
def test_further_types_arrive_equal_and_of_the_same_type(value):
    arrived = sent(value)
    assert arrived == value
    assert type(arrived) is type(value)


def test_views_of_a_dict_arrive_as_views():
    table = {"a": [1], "b": 2}
    assert sent(table.keys()) == table.keys()
    assert list(sent(table.values())) == [[1], 2]
    assert list(sent(table.items())) == [("a", [1]), ("b", 2)]
    assert [type(sent(view)) for view in (table.keys(), table.values())] == [
        type({}.keys()),
        type({}.values()),
    ]


@pytest.mark.parametrize(
    "array",
    [
        np.array(["2020-01", "NaT"], "M8[M]"),
        np.array([[1, 2]], "m8[ms]"),
        np.array([(1, 2.5, "a"), (3, 4.5, "b")], [("n", int), ("v", float), ("t", "U1")]),
        np.zeros((2, 2), [("p", float, (3,)), ("q", [("r", int)])]),
        np.array([1, "a", None, [2]], object),
        np.array([b"ab", b"c"]),
    ],
    ids=lambda array: array.dtype.kind,
)
def test_arrays_of_other_kinds_keep_dtype_shape_and_values(array):
    arrived = sent(array)
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert repr(arrived) == repr(array)


def test_foreign_byte_order_is_normalised():
    arrived = sent(np.array([1.5, 2.5], ">f8"))
    assert arrived.dtype == np.dtype("<f8")
    assert arrived.tolist() == [1.5, 2.5]


def test_views_strides_and_fortran_order_arrive_with_the_same_values():
    base = np.arange(24.0).reshape(4, 6)
    for view in (
        base.T,
        base[::2, ::-1],
        base[:, 3],
        np.asfortranarray(base),
        np.broadcast_to(base[0], (3, 6)),
    ):
        assert np.array_equal(sent(view), view)
    assert sent(np.asfortranarray(base)).flags.f_contiguous


def test_a_read_only_array_stays_read_only():
    array = np.zeros(3)
    array.flags.writeable = False
    assert not sent(array).flags.writeable
    assert sent(np.zeros(3)).flags.writeable


def test_arrays_of_text_arrive():
    array = np.array([["sigmoid", "tanh"], ["", "λ"]])
    assert np.array_equal(sent(array), array)


@pytest.mark.parametrize(
    "scalar", [np.float64(1.5), np.float32(1.5), np.int64(3), np.bool_(True), np.complex128(1j)]
)
def test_numpy_scalars_are_neither_python_numbers_nor_arrays(scalar):
    assert type(sent(scalar)) is type(scalar)
    assert sent(scalar) == scalar
    assert type(sent(1.5)) is float
    assert type(sent(np.array(1.5))) is np.ndarray


def test_subclasses_arrive_as_the_plain_type_below_them():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return np.ones(self.shape, bool)

    class Text(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    pair = namedtuple("pair", "w b")
    assert type(sent(np.zeros(2).view(Liar))) is np.ndarray
    assert type(sent(Text("no"))) is str
    assert isinstance(sent(pair(1, 2)), tuple)
    assert sent(pair(1, 2)).b == 2
    assert type(sent(np.ma.masked_array([1.0, 2.0], [True, False]))) is np.ndarray


@pytest.mark.parametrize("name", ["PCG64", "MT19937", "Philox", "SFC64"])
def test_a_random_generator_goes_on_where_it_was(name):
    generator = np.random.Generator(getattr(np.random, name)(5))
    generator.normal(size=3)
    arrived = sent(generator)
    assert np.array_equal(arrived.normal(size=4), generator.normal(size=4))


def test_a_legacy_generator_arrives():
    state = np.random.RandomState(5)
    assert np.array_equal(sent(state).rand(4), state.rand(4))


def test_an_object_met_twice_is_one_object_on_arrival():
    array, items = np.zeros(2), [1]
    first, second, third, fourth = Decoder(
        Encoder(grow=True).encode((array, array, items, items)), grow=True
    ).decode()
    assert first is second
    assert third is fourth


def test_both_ends_number_mutable_objects_alike():
    value = (
        [np.zeros(2), {"a": {1}}],
        np.array(["x"]),
        np.random.default_rng(1),
        frozenset({3}),
        (np.ones(1),),
    )
    writer = Encoder(grow=True)
    reader = Decoder(writer.encode(value), grow=True)
    reader.decode()
    assert [type(item) for item in writer.table] == [type(item) for item in reader.table]


def test_an_argument_in_a_result_is_the_argument_itself():
    ours, theirs = np.zeros(3), np.zeros(3)
    message = Encoder(table=[theirs]).encode(("result", [theirs]))
    assert Decoder(message, table=[ours]).decode()[1][0] is ours


def test_what_does_not_travel_becomes_a_handle():
    message = Encoder(lambda value: Handle("w", "7", type(value).__name__, True)).encode([len])
    assert Decoder(message, lambda handle: handle).decode() == [
        Handle("w", "7", "builtin_function_or_method", True)
    ]


def endless() -> list:
    value: list = []
    value.append(value)
    return value


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        endless(),
        nested(100),
        [None] * 300_000,
        np.zeros(33 << 20),
        range(10**6),
        [range(10**5)] * 3,
        [np.zeros(1)] * 4000,
        np.broadcast_to(0.0, (1 << 20, 1 << 20)),
        "x" * (257 << 20),
        1 << (8 * MAX_INT_BYTES),
        np.array([object()]),
        object(),
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_sent_is_refused(value):
    with pytest.raises(WireError):
        Encoder().encode(value)


def array_message(code: int, shape: tuple[int, ...], data: bytes) -> bytes:
    dims = b"".join(n.to_bytes(8, "little") for n in shape)
    return b"a" + bytes([code, 1, len(shape)]) + dims + data


def alike(count: int) -> bytes:
    """A dict whose keys have one hash."""
    keys = [Encoder().encode(n * (2**61 - 1)) + b"N" for n in range(count)]
    return b"m" + count.to_bytes(4, "little") + b"".join(keys)


def typed(name: str, parts: object) -> bytes:
    return b"o" + len(name).to_bytes(4, "little") + name.encode() + Encoder().encode(parts)


HOSTILE = {
    "empty": b"",
    "many keys of one hash": alike(5000),
    "unknown type": typed("Popen", ("ls",)),
    "parts that are none": typed("Decimal", "1"),
    "wrong parts": typed("Fraction", (1.5, 2)),
    "half of nothing": typed("Fraction", (1, 0)),
    "a number without end": typed("Decimal", ("1E+999999999",)),
    "no number": typed("Decimal", ("sNaN",)),
    "no day": typed("date", (2020, 2, 31)),
    "no zone": typed("time", ("x", 1, 2, 3, 4)),
    "no unit of time": typed("M", ("M", "8[s],O", 1, np.zeros(2, int))),
    "no times": typed("M", ("M", "s", 1, ["x"])),
    "columns of another length": typed("V", (("a", "b"), (2,), np.zeros(2), np.zeros(3))),
    "rows without columns": typed("V", ((), (1 << 39,))),
    "vast rows of nothing": typed("V", (("a",), (1 << 39,), np.empty((1 << 39, 0)))),
    "objects of another shape": typed("O", ((3,), (1, 2))),
    "bytes of no width": typed("S", (0, (1 << 39,), b"")),
    "a named tuple that claims a shape": b"n" + Encoder().encode(("P", ("shape",), ((3,),))),
    "a named tuple with a name of code": b"n" + Encoder().encode(("P", ("x, y=exit()",), (1,))),
    "a named tuple of other length": b"n" + Encoder().encode(("P", ("x", "y"), (1,))),
    "unknown tag": b"?",
    "tail": b"NN",
    "long list": b"l\xff\xff\xff\xff",
    "long text": b"s\xff\xff\xff\x7fabc",
    "huge integer": b"i\xff\xff" + b"\1" * 0xFFFF,
    "deep": b"l\1\0\0\0" * 5000 + b"N",
    "huge array": array_message(11, (1 << 39,), b""),
    "overflowing shape": array_message(11, (1 << 32, 1 << 32), b""),
    "empty but vast": array_message(11, (0, 1 << 62), b""),
    "many dimensions": array_message(11, (1,) * 60, bytes(8)),
    "unknown dtype": array_message(99, (1,), bytes(8)),
    "false boolean": array_message(0, (2,), b"\1\2"),
    "reference to nothing": b"r\0\0\0\0",
    "handle without a resolver": b"h\1\1\0\0\0w\1\0\0\x000\0\0\0\0\0\0\0\0",
    "unhashable key": b"m\1\0\0\0l\0\0\0\0N",
    "range of nothing": b"xt\3\0\0\0" + b"i\1\0\1" * 2 + b"i\1\0\0",
    "unknown generator": b"o\x09\0\0\0Generator" + Encoder().encode(("evil", None)),
    "generator without state": b"o\x09\0\0\0Generator" + Encoder().encode(("PCG64", None)),
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_malformed_message_is_one_clear_error(message):
    with pytest.raises(WireError, match=r"^[^\n]+$"):
        Decoder(message).decode()


def test_a_list_of_references_counts_with_what_they_stand_for():
    table = [np.zeros(1 << 18)]
    with pytest.raises(WireError, match="too large"):
        Decoder(b"l\xe8\3\0\0" + b"r\0\0\0\0" * 1000, table=table).decode()


def test_an_array_of_text_cannot_be_inflated():
    count = 10_000
    parts = Encoder().encode(((count,), ("x" * 100_000, *[""] * (count - 1))))
    with pytest.raises(WireError, match="too large"):
        Decoder(b"o\1\0\0\0U" + parts).decode()


def mutated(rng: random.Random, message: bytes) -> bytes:
    data = bytearray(message)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data)) if data else 0
        match rng.randrange(6):
            case 0 if data:
                data[at] ^= 1 << rng.randrange(8)
            case 1 if data:
                data[at] = rng.choice(b"NTFidcsbtlezmxrhaugGSon\0\1\xff")
            case 2:
                del data[at : at + rng.randint(1, 9)]
            case 3:
                data[at:at] = rng.randbytes(rng.randint(1, 9))
            case 4:
                data[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\0\0\1\0"])
            case _:
                piece = data[at : at + rng.randint(1, 30)]
                data[at:at] = piece * rng.randint(1, 3)
    return bytes(data)


@pytest.mark.slow
def test_a_hundred_thousand_mutated_messages_raise_nothing_but_wire_errors():
    rng = random.Random(2024)
    arrays = [
        np.arange(6.0).reshape(2, 3),
        np.array(["a", "bc"]),
        np.float32(2),
        np.random.default_rng(3),
        np.zeros(3, bool),
        *TYPED[:-1],
        np.array([(1, 2.5)], [("n", int), ("v", float)]),
        np.array([1, None], object),
        namedtuple("pair", "w b")(1, [2]),
    ]
    seeds = [Encoder(lambda v: Handle("w", "1", "f", True), grow=True).encode((*PLAIN, *arrays, len))]
    seeds += [Encoder(grow=True).encode(value) for value in [*PLAIN, *arrays, [np.zeros(2)] * 3]]
    seeds += [Encoder(grow=True).encode(("result", 7, None, np.zeros(4), ((0, np.ones(2)),), (), "out", ""))]
    table = [np.zeros(3), [1, 2]]
    refused, slowest = 0, 0.0
    memory.start_anew()
    before = memory.most()
    for number in range(100_000):
        message = mutated(rng, rng.choice(seeds))
        start = perf_counter()
        try:
            Decoder(message, lambda handle: handle, table, grow=number % 2 == 0).decode()
        except WireError:
            refused += 1
        slowest = max(slowest, perf_counter() - start)
    grown = memory.most() - before
    assert 50_000 < refused < 100_000
    assert slowest < 1.0
    assert grown < 64  # megabytes
