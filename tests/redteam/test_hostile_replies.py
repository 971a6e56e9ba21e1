"""Replies that no honest worker sends cannot hurt the judge's own process."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.judging.bounds import alarm, listening
from autograder.judging.cell_code import without_magics
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.mistakes import differences
from autograder.judging.mistakes.words import value_text
from autograder.judging.outcome import Failure, rebuild
from autograder.judging.wire import Decoder, Encoder, WireError

FAR = -(2**40)


def _moved(kind, name, place):
    """The message of a generator whose place in its buffer is another; NumPy may refuse to hold such a state."""
    generator = np.random.Generator(kind(0))
    state = generator.bit_generator.state
    honest = state.get(name, state["state"].get(name))
    message = Encoder().encode(generator)
    before, after = (name.encode() + Encoder().encode(number) for number in (honest, place))
    assert message.count(before) == 1
    return message.replace(before, after)


@pytest.mark.parametrize("place", [-1, -(10**8), 625, 10**8])
def test_generator_that_would_read_outside_its_buffer_is_refused(place):
    with pytest.raises(WireError, match="not the state of a generator"):
        Decoder(_moved(np.random.MT19937, "pos", place)).decode()


@pytest.mark.parametrize("place", [-1, -(10**8), 5, 10**8])
def test_philox_generator_that_would_read_outside_its_buffer_is_refused(place):
    with pytest.raises(WireError, match="not the state of a generator"):
        Decoder(_moved(np.random.Philox, "buffer_pos", place)).decode()


@pytest.mark.parametrize(("kind", "name"), [(np.random.MT19937, "pos"), (np.random.Philox, "buffer_pos")])
def test_generator_at_another_place_in_its_buffer_is_taken(kind, name):
    twin = Decoder(_moved(kind, name, 1)).decode()
    assert type(twin.bit_generator) is kind


@pytest.mark.parametrize("kind", ["MT19937", "Philox", "PCG64", "SFC64"])
def test_honest_generators_travel_in_every_state(kind):
    generator = np.random.Generator(getattr(np.random, kind)(7))
    for _ in range(700):
        twin = Decoder(Encoder().encode(generator)).decode()
        assert twin.integers(1 << 30) == generator.integers(1 << 30)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("UnicodeDecodeError", ("utf-8", b"a", FAR, FAR + 1, "x")),
        ("UnicodeEncodeError", ("utf-8", "a", FAR, FAR + 1, "x")),
        ("UnicodeTranslateError", ("a", FAR, FAR + 1, "x")),
    ],
)
def test_unicode_errors_are_rebuilt_without_their_numbers(name, args):
    error = rebuild(Failure((name, "UnicodeError", "ValueError"), "what it said", args, "", 0))
    assert isinstance(error, ValueError)
    assert str(error) == "what it said"


@pytest.mark.parametrize("name", ["StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit"])
def test_no_exception_of_the_students_ends_a_loop_of_the_tests(name):
    error = rebuild(Failure((name, "Exception", "BaseException"), "", (), "", 0))

    def call(_: int) -> int:
        raise error

    with pytest.raises(type(error)):
        list(map(call, [1, 2, 3]))


@pytest.mark.parametrize("name", ["", "\0", "\ud800", "a\nb", "x" * 10_000])
def test_odd_class_names_make_an_exception_all_the_same(name):
    assert isinstance(rebuild(Failure((name, "Exception"), "text", (), "", 0)), Exception)


@pytest.mark.parametrize(
    "source",
    [" " * 100_000 + "a $ %", "? " * 50_000 + "= %", "%x\n" * 300 + "y = 1\n" * 50_000, "[" * 50_000 + "!"],
)
def test_hostile_source_is_read_in_a_moment(source):
    start = time.process_time()
    without_magics(source)
    assert time.process_time() - start < 5


HUGE = {
    "range": range(10**18),
    "integer": 10**4000,
    "empty": np.empty((1 << 39, 0)),
    "dimensions": np.zeros((2,) * 20, dtype=bool),
    "complex": np.full(3, complex("nan")),
    "text": "x" * 1_000_000,
    "nested": [[[[[[10**4000]]]]]],
}


@pytest.mark.parametrize("right", [0.5, np.array([1.0, 2.0]), (np.array([1.0]), 0.5)], ids=type)
@pytest.mark.parametrize("got", HUGE.values(), ids=HUGE)
def test_any_returned_value_is_described_in_a_moment(got, right):
    start = time.process_time()
    assert differences.compare(got, right)
    assert len(value_text(got)) < 1000
    assert time.process_time() - start < 2


def test_alarm_of_a_test_never_rings_between_a_command_and_its_answer():
    rung = 0
    with Warm() as warm, listening():
        for delay in np.linspace(0.0005, 0.02, 12):
            worker, ours = warm.shown.fork(Limits())
            ours.close()
            try:
                with alarm(float(delay), InterruptedError("the test ran too long")):
                    warm.shown.end(worker)
                    time.sleep(0.1)
            except InterruptedError:
                rung += 1
        worker, ours = warm.shown.fork(Limits())
        ours.close()
        assert warm.shown.end(worker) is not None
    assert rung == 12
