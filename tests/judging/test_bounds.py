"""Whatever touches a student's value has an end, in time and in memory."""

from __future__ import annotations

import resource
import signal
import time

import numpy as np
import pytest

from autograder.judging.bounds import TimeUp, alarm, listening, within


def endless() -> None:
    while True:
        pass


def test_endless_loop_comes_to_an_end():
    start = time.monotonic()
    with pytest.raises(TimeUp, match=r"longer than 0\.2 s"), within(0.2, 1 << 30):
        endless()
    assert time.monotonic() - start < 2


def test_loop_that_catches_everything_is_told_again():
    caught = []

    def stubborn() -> None:
        while len(caught) < 2:
            try:
                endless()
            except TimeUp as error:
                caught.append(error)

    with within(0.1, 1 << 30):
        stubborn()
    assert len(caught) == 2


def test_memory_is_refused_beyond_the_bound_and_given_again_after_it():
    with pytest.raises(MemoryError), within(5, 64 << 20):
        np.empty(1 << 30, dtype=np.uint8)
    assert np.empty(1 << 30, dtype=np.uint8).size == 1 << 30


def test_what_lies_free_in_small_pieces_leaves_most_of_the_bound():
    pieces = [bytes(20_000) for _ in range(30_000)]
    pins = pieces[::40]
    del pieces
    with within(5, 64 << 20):
        assert np.empty(44 << 20, dtype=np.uint8).size == 44 << 20
    assert pins


def test_all_is_as_it_was_afterwards():
    before = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)
    with within(5, 1 << 30), within(1, 1 << 20):
        pass
    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_bound_inside_another_widens_nothing():
    with within(5, 64 << 20), pytest.raises(MemoryError), within(50, 1 << 40):
        np.empty(1 << 30, dtype=np.uint8)
    with within(0.2, 1 << 30), pytest.raises(TimeUp, match=r"0\.2 s"), within(50, 1 << 30):
        endless()


def test_alarm_outside_goes_on_after_one_inside():
    start = time.monotonic()
    with listening(), pytest.raises(InterruptedError), alarm(0.3, InterruptedError()):  # noqa: PT012
        with alarm(0.2, TimeUp()):
            time.sleep(0.05)
        time.sleep(5)
    assert 0.25 < time.monotonic() - start < 2
