"""What lies around in the enclosure to be found or hurt: a key, services, places to write to."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from pathlib import Path

import numpy as np

from tests.redteam.course import ANSWER, SECRET
from tests.redteam.enclosure import WRITTEN

PORT = 47631
LAID_OUT = 1_700_000_000  # the key's time stamp


class Services:
    """Local services (a TCP port, an abstract and a named Unix socket) that count who talks to them."""

    def __init__(self) -> None:
        self.visits = 0
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", PORT)),
            (socket.AF_UNIX, "\0redteam"),
            (socket.AF_UNIX, "/tmp/redteam.sock"),
        ):
            listener = socket.socket(family)
            listener.bind(address)
            listener.listen()
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            visitor, _ = listener.accept()
            self.visits += 1
            with visitor, contextlib.suppress(OSError):
                visitor.sendall(ANSWER.encode())


def lay_out() -> Services:
    """Put a key in the home folder and start the services."""
    key = _key()
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_text(SECRET)
    os.utime(key, (LAID_OUT, LAID_OUT))
    return Services()


def _key() -> Path:
    return Path.home() / ".ssh" / "redteam_key"


def written() -> list[str]:
    """Return the files outside that hostile code wrote (their names, or their folders', say so)."""
    ours = {"redteam_key", "redteam.sock"}
    found = []
    for top in (WRITTEN, Path("/dev/shm")):
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if not folder.endswith("/tests") or name != "redteam"]
            found += [os.path.join(folder, file) for file in files if "redteam" in file and file not in ours]
    numpy = WRITTEN / str(Path(np.__file__).parent).lstrip("/")
    found += [str(path) for path in numpy.rglob("*") if path.is_file() and "redteam" not in path.name]
    key = _key().stat()
    if (key.st_mtime, key.st_size) != (LAID_OUT, len(SECRET)) or not key.st_mode & 0o400:
        found.append(f"{_key()} was changed")
    return sorted(found)
