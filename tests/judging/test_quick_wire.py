"""The quick writers and readers of messages say the same as the ones that define the format, or nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest

from autograder.judging.wire import quick
from autograder.judging.wire.decoding import Decoder
from autograder.judging.wire.encoding import Encoder, WireError

READ_ONLY = np.arange(3.0)
READ_ONLY.flags.writeable = False
USUAL = [
    *(None, True, False, 0, -7, 127, 1.5, float("inf"), np.float64(-0.0)),
    *(np.zeros(0), np.zeros((2, 0, 3)), np.arange(6.0).reshape(2, 3), np.array(2.5), READ_ONLY),
    *(np.arange(3), np.arange(4, dtype=np.float32), np.full((1, 2, 1, 2), np.nan)),
]
UNUSUAL = [
    *("text", b"bytes", 128, 10**30, 1j, np.float32(1), np.int64(1), [1.0], {"a": 1}, len),
    *(np.array([True]), np.array(["a"]), np.arange(3.0, dtype=">f8"), np.zeros((1,) * 5), np.zeros((3, 2)).T),
    *(np.rec.array([(0.5,)], dtype=[("x", float)]), np.zeros(3, np.longdouble), np.zeros(1 << 17)),
]


def same(left: object, right: object) -> bool:
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        alike = (left.dtype, left.shape, left.flags.writeable) == (
            right.dtype,
            right.shape,
            right.flags.writeable,
        )
        return alike and left.tobytes() == right.tobytes()
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and repr(left) == repr(right)


@pytest.mark.parametrize("value", [*USUAL, tuple(USUAL)], ids=repr)
def test_quick_reply_is_read_by_both_readers(value):
    message = quick.result(70_000, value)
    assert same(Decoder(message).decode(), ("result", 70_000, value))
    assert same(quick.read_result(message, 70_000), (value,))
    assert quick.read_result(message, 70_001) is None


@pytest.mark.parametrize("value", USUAL, ids=repr)
def test_quick_call_is_read_by_both_readers(value):
    body, table = quick.call_body("f", (value, 2.0))
    reader = Decoder(quick.call("fresh", 3, body), grow=True)
    assert same(reader.decode(), ("fresh", 3, "f", (value, 2.0)))
    kind, number, name, args, numbered = quick.read_call(quick.call("ahead", 3, body))
    assert (kind, number, name) == ("ahead", 3, "f")
    assert same(args, (value, 2.0))
    assert same(quick.args_of(body)[0], args)
    assert len(table) == len(reader.table) == len(numbered) == isinstance(value, np.ndarray)


@pytest.mark.parametrize("value", UNUSUAL, ids=lambda value: repr(value)[:40])
def test_whatever_is_unusual_is_left_to_the_others(value):
    assert quick.result(1, value) is None
    assert quick.result(1, (1.0, value)) is None
    assert quick.read_call(quick.call("call", 1, (quick.call_body("f", (value,)) or (b"\x06",))[0])) is None


@pytest.mark.parametrize(
    "value", ["text", [1.0, np.zeros(2)], {"w": np.ones(2)}, (1, (2,)), 10**30], ids=repr
)
def test_call_with_unusual_arguments_is_written_for_the_other_reader(value):
    body, _ = quick.call_body("f", (value, 1.0), {"a": value})
    message = Decoder(quick.call("ahead", 300, body), grow=True).decode()
    assert repr(message) == repr(("ahead", 300, "f", (value, 1.0), (("a", value),), ()))
    assert repr(quick.args_of(body)) == repr(((value, 1.0), {"a": value}))


def test_array_that_is_passed_twice_stays_one():
    z = np.zeros(2)
    (first, second), _ = quick.args_of(quick.call_body("f", (z, z))[0])
    assert first is second


def test_call_with_what_does_not_travel_cannot_be_written():
    assert quick.call_body("f", (len,)) is None


@pytest.mark.parametrize("message", [b"", b"t", b"t\1\0\0\0s", bytes(40), Encoder().encode(["result", 1])])
def test_message_without_a_number_has_none(message):
    assert quick.number_of(message) == -1
    assert quick.read_result(message, 0) is None
    assert quick.read_call(message) is None


@pytest.mark.parametrize("kind", ["ran", "callback", "result"])
@pytest.mark.parametrize("number", [0, 1, 127, 128, 70_000])
def test_number_of_any_reply_is_found(kind, number):
    assert quick.number_of(Encoder().encode((kind, number, None, "text"))) == number


@pytest.mark.slow
def test_mutated_replies_are_read_as_the_others_read_them_or_not_at_all():
    rng = random.Random(7)
    seeds = [quick.result(9, value) for value in (*USUAL, tuple(USUAL), (np.ones(3), 2.0))]
    read = 0
    for _ in range(50_000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(data))
            if rng.random() < 0.7:
                data[place] = rng.choice((0, 1, 2, 4, 11, 97, 116, 255, rng.randrange(256)))
            else:
                del data[place : place + rng.randint(1, 9)]
            data = data or bytearray(b"t")
        found = quick.read_result(bytes(data), 9)
        if found is not None:
            read += 1
            assert same(Decoder(bytes(data)).decode(), ("result", 9, found[0]))
    assert read > 3_000


def test_reply_that_claims_a_huge_array_is_refused():
    head = quick.result(9, np.zeros(1))[:-16]
    for dims in (2**60, 2**63 + 1):
        message = head + dims.to_bytes(8, "little") + bytes(8)
        assert quick.read_result(message, 9) is None
        with pytest.raises(WireError):
            Decoder(message).decode()
