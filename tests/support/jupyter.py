"""JupyterLab on a folder, for tests that look at it with a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "test"
_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):(\d+)/lab\?token=")


@contextmanager
def jupyter_lab(folder: Path, state: Path) -> Iterator[str]:
    """Run JupyterLab in a folder and yield its address; its settings and files of its own go to `state`."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    options = [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    homes = {f"JUPYTER_{kind}_DIR": str(state / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with subprocess.Popen(
        command + options, cwd=folder, env=os.environ | homes, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.wait(30)


def _address(server: subprocess.Popen[str]) -> str:
    said = []
    for line in server.stderr:
        said.append(line)
        if found := _ADDRESS.search(line):
            threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop it
            return f"http://127.0.0.1:{found[1]}"
    raise AssertionError(f"JupyterLab did not start:\n{''.join(said)}")
