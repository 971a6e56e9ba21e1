"""What the book's tests share: its Sphinx extensions on the path, and the site, built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.site import Site, built_site

sys.path.append(str(Path(__file__).parents[2] / "chapters" / "site"))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    """The whole book, built with warnings as errors."""
    return built_site(tmp_path_factory.mktemp("book"))
