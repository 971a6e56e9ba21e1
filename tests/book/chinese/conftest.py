"""The Chinese edition as the one to be tested."""

from __future__ import annotations

import fcntl

import pytest

from tests.support.site import Site, built_edition


@pytest.fixture(scope="session")
def site(english) -> Site:
    """The Chinese edition, which lies in a folder of the English one: once for all processes of a run."""
    with open(english.folder.with_name("chinese.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return built_edition(english, "zh_CN")
