"""One warm process for the mutants of an assignment after another."""

from collections.abc import Iterator

import pytest

from autograder.judging.forkserver import Warm


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process
