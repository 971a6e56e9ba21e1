"""What a reader sees where JupyterLite cannot run as it should: as a file, not built, or in a browser that refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from string import Template

GUARD = Path(__file__).with_name("guard.js")
PAGE = Template(
    """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The notebooks are not open here</title>
<style>
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 10vh auto; padding: 0 1.25rem; }
h1 { line-height: 1.2; }
code { font-size: 0.95em; overflow-wrap: anywhere; }
</style>
</head>
<body>
$body
</body>
</html>
"""
)
REST = """<p>Everything else in the book works as it is: pages, plots, quizzes and search. An exercise can also be
downloaded from its chapter and done in Jupyter on your own machine.</p>
<p><a href="javascript:history.back()">Back to the chapter</a></p>"""
AS_FILE = f"""<main><h1>The notebooks need a server</h1>
<p>You have opened the book from a folder. A browser does not let such a page start Python. Serve the folder, and the
notebooks open:</p>
<p><code>python -m http.server --directory <i>folder of the book</i></code></p>
{REST}</main>"""
NOT_BUILT = f"""<main><h1>This copy of the book has no notebooks</h1>
<p>It was built without them. This command adds them:</p>
<p><code>python chapters/site/lite</code></p>
{REST}</main>"""


def close_to_files(out: Path) -> None:
    """Let every page of JupyterLite explain itself when it is opened as a file, and say what a browser refuses."""
    text = json.dumps(PAGE.substitute(body=AS_FILE)).replace("<", "\\u003c")
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
        page.write_text(PAGE.substitute(body=NOT_BUILT), "utf-8")
