"""The Chinese edition as the one to be tested."""

from __future__ import annotations

import pytest

from tests.support.site import Site


@pytest.fixture(scope="session")
def site(chinese) -> Site:
    """The edition to be tested."""
    return chinese
