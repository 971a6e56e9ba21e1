"""What a page shows in every language: an English output carries those of the other editions, so that it runs once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from IPython.display import Markdown
from translation import language, languages, speaking

EDITIONS = "editions"  # in the metadata of an output


def others() -> list[str]:
    """The languages in which an output is made beside the one that is spoken."""
    return languages() if os.environ.get("PLOTS_FOR") == "page" and language() == "en" else []


def in_every_edition(show: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The output that `show` makes in the language that is spoken, and metadata with the others."""
    bundle, beside = show(), {}
    for name in others():
        with speaking(name):
            beside[name] = show()
    return bundle, {EDITIONS: beside} if beside else {}


class Text(Markdown):  # type: ignore[misc]
    """Markdown that `make` writes in the language that is spoken."""

    def __init__(self, make: Callable[[], str]) -> None:
        self.make = make
        super().__init__(make())

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return in_every_edition(lambda: {"text/markdown": self.make(), "text/plain": repr(self)})
