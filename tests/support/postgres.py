"""A PostgreSQL server of the tests' own: its data in a temporary folder, reached by a socket in it, nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "nobody"  # the server refuses to run as root


@contextmanager
def server() -> Iterator[Path]:
    """Start a server; yield the folder with its socket. Fails where PostgreSQL is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, USER)
    try:
        _run(
            "initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run("pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield folder
        finally:
            _run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def create(folder: Path, name: str, template: str = "template1") -> str:
    """Create a database, as a copy of another if it is named; return its address."""
    command = f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
    _run("psql", "-h", folder, "-U", "grader", "-d", "postgres", "-q", "-c", command)
    return f"postgresql://grader@/{name}?host={folder}"


def _run(program: str, *arguments: object) -> None:
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))), None
    )
    assert found, f"{program} is not installed: apt-get install --no-install-recommends postgresql"
    settings = {"user": USER, "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    command = [found, *map(str, arguments)]
    done = subprocess.run(
        command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **settings
    )
    assert done.returncode == 0, done.stdout
