"""The Chinese edition as the site of the tests in this folder."""

from __future__ import annotations

import pytest

from tests.support.site import built_edition


@pytest.fixture(scope="session")
def english(site):
    """The English edition."""
    return site


@pytest.fixture(scope="session", name="site")
def chinese(english):
    """The Chinese one, as it lies in a folder of the English one."""
    return built_edition(english, "zh_CN")
