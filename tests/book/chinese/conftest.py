"""The Chinese edition as the one to be tested."""

from __future__ import annotations

import pytest

from tests.book.conftest import PAGES
from tests.support.site import Page, Site


@pytest.fixture(scope="session")
def site(chinese) -> Site:
    """The edition to be tested."""
    return chinese


@pytest.fixture(scope="session", params=PAGES)
def built(request, site) -> Page:
    """Each page of the edition."""
    return site.page(request.param)
