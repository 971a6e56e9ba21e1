"""The quick search finds what a plain one finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.release.bundle import Search

LETTERS = st.text("ab\u00e9", min_size=8, max_size=12)


@given(st.lists(LETTERS, min_size=1, max_size=20), st.text("ab\u00e9", max_size=300))
def test_it_finds_exactly_what_is_there(wanted, text):
    assert Search(wanted).found_in(text) == {word for word in wanted if word in text}


@given(st.lists(LETTERS, min_size=1, max_size=5), st.lists(st.text(max_size=9), max_size=6))
def test_it_finds_what_is_put_there(wanted, between):
    text = "".join(part + word for part, word in zip(between, wanted * 6, strict=False))
    assert {word for part, word in zip(between, wanted * 6, strict=False)} <= Search(wanted).found_in(text)


def test_a_text_too_short_for_it_is_refused():
    with pytest.raises(ValueError, match="too short"):
        Search(["1234567"])


def test_nothing_is_in_nothing():
    assert Search(["12345678"]).found_in("") == set()
