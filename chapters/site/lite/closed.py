"""What a reader sees where JupyterLite cannot run as it should: as a file, not built, or in a browser that refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from string import Template

from catalogues.files import LANGUAGES
from translation import language, speaking, translate

GUARD = Path(__file__).with_name("guard.js")
PAGE = Template(
    """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>From Lines to Softmax</title>
<style>
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 10vh auto; padding: 0 1.25rem; }
h1 { line-height: 1.2; }
code { font-size: 0.95em; overflow-wrap: anywhere; }
</style>
</head>
<body>
$body
<script>
  // The path of the notebook that was asked for tells the language.
  const all = [...document.querySelectorAll("main")];
  const asked = all.find((main) => location.search.includes(main.id)) ?? all[0];
  for (const main of all) main.hidden = main !== asked;
</script>
</body>
</html>
"""
)


def as_file() -> str:
    """What a person reads who has opened a notebook of the book from a folder."""
    serve = f"python -m http.server --directory <i>{translate('folder of the book')}</i>"
    why = translate(
        "You have opened the book from a folder. A browser does not let such a page start Python. Serve the folder, "
        "and the notebooks open:"
    )
    return _explained(translate("The notebooks need a server"), why, serve)


def not_built() -> str:
    """What a person reads whose copy of the book has no JupyterLite."""
    why = translate("It was built without them. This command adds them:")
    return _explained(translate("This copy of the book has no notebooks"), why, "python chapters/site/lite")


def _explained(title: str, why: str, command: str) -> str:
    rest = translate(
        "Everything else in the book works as it is: pages, plots, quizzes and search. An exercise can also be "
        "downloaded from its chapter and done in Jupyter on your own machine."
    )
    back = f'<a href="javascript:history.back()">{translate("Back to the chapter")}</a>'
    name, tag = language(), language().replace("_", "-")
    return (
        f'<main id="{name}" lang="{tag}"><h1>{title}</h1><p>{why}</p><p><code>{command}</code></p>'
        f"<p>{rest}</p><p>{back}</p></main>"
    )


def _page(explained: Callable[[], str]) -> str:
    """The page with the explanation in all languages."""
    bodies = []
    for name in ("en", *LANGUAGES):
        with speaking(name):
            bodies.append(explained())
    return PAGE.substitute(body="\n".join(bodies))


def close_to_files(out: Path) -> None:
    """Let every page of JupyterLite explain itself when it is opened as a file, and say what a browser refuses."""
    text = json.dumps(_page(as_file)).replace("<", "\\u003c")
    script = (
        '<script>if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => { '
        f"document.open(); document.write({text}); document.close(); }});</script>"
    )
    shutil.copyfile(GUARD, out / GUARD.name)
    for page in out.rglob("index.html"):
        html = page.read_text("utf-8")
        # Before all other scripts, and at once: it stands in for storage that they take for granted.
        guard = f'\n    <script src="../{GUARD.name}"></script>' if page.parent.name == "notebooks" else ""
        page.write_text(html.replace("<head>", f"<head>\n    {script}{guard}", 1), "utf-8")


def write_placeholders(out: Path) -> None:
    """Put a page that explains where links to notebooks lead, unless JupyterLite is there."""
    page = out / "notebooks" / "index.html"
    if not page.exists():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_page(not_built), "utf-8")
