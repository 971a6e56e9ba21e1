"""Builds JupyterLite into the site. Nothing in the book's pages loads any of it: they only link to it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from .closed import close_to_files
from .contents import exercises, modules, write_contents
from .wheels import pack

HERE = Path(__file__).parent
APPS = ["notebooks", "tree", "edit"]
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension"]
DISABLED = ["@jupyter-notebook/notebook-extension:checkpoints"]  # there are none in a browser
WHEELS = ["comm", "ipywidgets", "jupyterlab_widgets"]  # the kernel brings a widgetsnbextension of its own
MADE_BY = ["jupyterlite-core", "jupyterlite-pyodide-kernel", "myst-nb", *WHEELS]
STAMP = "built-from.txt"


class Failed(RuntimeError):
    """JupyterLite could not be built; the text says why."""


def build(root: Path, out: Path, pyodide: Path | None = None) -> bool:
    """Build JupyterLite for the course in `root` into `out`; return whether anything had to be done.

    With `pyodide`, the folder of a Pyodide distribution, the site gets a copy of it; else readers' browsers get
    Pyodide from its CDN. Raises Failed if that folder holds none, or if JupyterLite does not build.
    """
    if pyodide and not (pyodide / "pyodide.js").is_file():
        raise Failed(f"{pyodide} holds no pyodide.js: name the folder of a Pyodide distribution")
    stamp = inputs_digest(root, pyodide)
    if (out / STAMP).is_file() and (out / STAMP).read_text("utf-8") == stamp:
        return False
    staged = out.parent.parent / "lite"
    for stale in (staged, out):
        shutil.rmtree(stale, ignore_errors=True)
    _stage(root, staged, pyodide)
    _run(staged, out)
    close_to_files(out)
    (out / STAMP).write_text(stamp, "utf-8")
    return True


def inputs_digest(root: Path, pyodide: Path | None) -> str:
    """A name for everything that the result depends on."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in MADE_BY).encode())
    digest.update(str(pyodide and (pyodide, (pyodide / "pyodide.js").stat().st_mtime_ns)).encode())
    chapters = root / "chapters"
    texts = [root / "_config.yml", *sorted(chapters.glob("*.md")), chapters / "references.bib"]
    own = sorted(
        path for path in [*HERE.iterdir(), *HERE.with_name("catalogues").iterdir()] if path.is_file()
    )
    own += sorted((chapters / "locale").rglob("*.po"))
    for path in [*texts, *modules(chapters), *exercises(root), *own]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _stage(root: Path, staged: Path, pyodide: Path | None) -> None:
    """Put everything that `jupyter lite build` reads into one folder."""
    for folder in ("files", "wheels", "static"):
        (staged / folder).mkdir(parents=True)
    write_contents(root, staged / "files")
    for name in WHEELS:
        pack(name, staged / "wheels")
    shutil.copyfile(HERE / "settings.json", staged / "overrides.json")
    if pyodide:
        (staged / "static" / "pyodide").symlink_to(pyodide.resolve(), target_is_directory=True)
    extensions = Path(sys.prefix, "share", "jupyter", "labextensions")
    site = {"appName": "From Lines to Softmax", "disabledExtensions": DISABLED}
    config = {
        "LiteBuildConfig": {
            "apps": APPS,
            "cache_dir": "cache",
            "contents": ["files"],
            "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        },
        "PipliteAddon": {"piplite_urls": ["wheels"]},
    }
    _write_json(staged / "jupyter_lite_config.json", config)
    _write_json(staged / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": site})


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2), "utf-8")


def _run(staged: Path, out: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", ".", "--output-dir"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1735689600"}
    result = subprocess.run(
        [*command, str(out.resolve())],
        cwd=staged,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise Failed(result.stdout[-4000:])
