"""Sphinx hooks of this book: plots drawn for pages, caches that notice changed code, and light pages."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import matplotlib
import numpy
from plotting.editions import EDITIONS
from sphinx.application import Sphinx
from sphinx.config import Config
from translation import language, translate

# The pages use no tabs, and a script that a page does not need is not loaded.
UNUSED_SCRIPTS = ("design-tabs.js",)
# Scripts with what a page holds that needs them.
NEEDED_FOR = {
    "explore.js": 'class="explore"',
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
}
# The search page's inline scripts call these while it is read.
USED_AT_ONCE = ("documentation_options.js", "doctools.js")
FOR_SEARCH = ("translations.js",)


def code_digest(chapters: Path, *left_out: str) -> str:
    """A name for the state of the Python below `chapters`, some folders left out, and of the words that it shows."""
    digest = hashlib.sha256(f"{numpy.__version__} {matplotlib.__version__}".encode())
    for path in [*sorted(chapters.rglob("*.py")), *chapters.glob("locale/*/*/interface.po")]:
        place = path.relative_to(chapters)
        if place.parts[0] not in left_out:
            digest.update(str(place).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def prepare(app: Sphinx, config: Config) -> None:
    """Ask plots for page figures, and keep outputs by the state of the code that made them.

    The cache of executed pages knows the cells of a page only; when a module that they import changes, a new
    cache is begun and every page is read again. When an extension of the site changes, no page runs again.
    """
    os.environ["PLOTS_FOR"] = "page"
    chapters = Path(app.srcdir, "chapters")
    config.book_code_digest = code_digest(chapters)
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = code_digest(chapters, "site")
    config.nb_execution_cache_path = str(caches / current)
    if language() != "en":
        take_outputs(Path(app.srcdir, "_build", ".jupyter_cache", current), caches / current)
    for stale in caches.glob("*"):
        if stale.name != current:
            shutil.rmtree(stale, ignore_errors=True)


def take_outputs(executed: Path, ours: Path) -> None:
    """Take what the English pages have put out, in the edition's language where it enters; then no page runs again."""
    if not executed.is_dir():
        return
    shutil.rmtree(ours, ignore_errors=True)
    shutil.copytree(executed, ours)
    for path in ours.glob("executed/*/base.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for output in (output for cell in notebook["cells"] for output in cell.get("outputs", ())):
            output.get("data", {}).update(output.get("metadata", {}).pop(EDITIONS, {}).get(language(), {}))
        path.write_text(json.dumps(notebook), "utf-8")


def lighten(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Leave out scripts that no page uses, and let none of the others hold up the first paint."""
    files = context.get("script_files", [])
    names = [Path(getattr(file, "filename", None) or "").name for file in files]
    files[:] = [
        file if page == "search" and name in USED_AT_ONCE else _deferred(file)
        for file, name in zip(files, names, strict=True)
        if name not in UNUSED_SCRIPTS
        and (page == "search" or name not in FOR_SEARCH)
        and NEEDED_FOR.get(name, "") in context.get("body", "")
    ]


def name_places(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let captions of two panels say where they are: one above the other, or side by side on a wide screen."""
    above, below = translate("Above"), translate("Below")
    panels = rf'(?<=class="explore-caption">){above}([:\uff1a][^<]*){below}(?=[:\uff1a])'
    places = rf"{_either(above, translate('Left'))}\1{_either(below, translate('Right'))}"
    context["body"] = re.sub(panels, places, context.get("body", ""))


def _either(stacked: str, beside: str) -> str:
    return f'<span class="if-stacked">{stacked}</span><span class="if-beside">{beside}</span>'


def _deferred(file: Any) -> Any:
    """The same script, run when the page has been read; the list is of all pages, so the entry is a new one."""
    attributes = dict(file.attributes)
    body = attributes.get("body") or ""
    if file.filename:
        attributes.setdefault("defer", "defer")
    elif body.startswith("DOCUMENTATION_OPTIONS."):
        attributes["body"] = f'addEventListener("DOMContentLoaded", () => {{ {body} }});'
    return type(file)(file.filename, priority=file.priority, **attributes)


def prune(app: Sphinx, exception: Exception | None) -> None:
    """Take the theme's Font Awesome script and the maps for debugging its files out of the built site."""
    scripts = Path(app.outdir, "_static", "scripts")
    for useless in {*scripts.glob("fontawesome*"), *scripts.parent.rglob("*.map")}:
        useless.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hooks."""
    app.add_config_value("book_code_digest", "", "env")
    # Jupyter Book sets this for an extension that this book leaves out; unknown settings are warnings.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", prepare, priority=100)
    app.connect("html-page-context", name_places)
    app.connect("html-page-context", lighten, priority=900)
    app.connect("build-finished", prune)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
