"""One warm process for all grading tests of a worker."""

from collections.abc import Iterator

import pytest

from autograder.judging.forkserver import Warm


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process
