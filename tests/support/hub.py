"""A JupyterHub on a machine with accounts that exist nowhere else.

All of it runs in a mount namespace with an `/etc` of its own, where `useradd` may add whom it likes, and in a process
namespace, with which everything ends that was started there. To make them takes root.
"""

from __future__ import annotations

import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from tests.support.courses import ROOT

PASSWORD = "secret"
_PATIENCE = 300  # seconds; a busy machine takes many times what an idle one does
_CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{}"
c.ConfigurableHTTPProxy.command = ["{bin}/configurable-http-proxy"]
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
c.Authenticator.allow_all = True  # whoever has an account and its password
"""


class Machine:
    """Accounts with homes below `place`; `process` is the first one of the namespaces."""

    def __init__(self, place: Path, process: int) -> None:
        self.place, self._process = place, process

    def run(self, account: str, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line of shell as somebody who has just logged in."""
        line = self.line(account, command)
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=_PATIENCE)

    def line(self, account: str, command: str) -> list[str]:
        """What runs a line of shell there, with the course's own commands."""
        inside = ["nsenter", f"--target={self._process}", "--mount", "--pid"]
        command = f"PATH={shlex.quote(sys.prefix)}/bin:$PATH; {command}"
        return [*inside, "runuser", "--login", account, "--command", command]


@contextmanager
def machine(accounts: list[str]) -> Iterator[Machine]:
    """Make the accounts; when it is left, they and all of their processes are gone."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        make = [*own, "sh", "-euc", "\n".join(_set_up(place, accounts))]
        with subprocess.Popen(make, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
            try:
                assert first.stdout.readline() == "ready\n", "accounts cannot be made here: it takes root"
                children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text()
                yield Machine(place, int(children))
            finally:
                first.kill()


def _set_up(place: Path, accounts: list[str]) -> Iterator[str]:
    for number, changed in enumerate(("/etc", f"{sys.prefix}/etc")):
        yield f"cp -a {changed} {place}/own-{number}; mount --bind {place}/own-{number} {changed}"
    for account in accounts:
        yield f"useradd --create-home --base-dir {place} --shell /bin/sh {account}"
        yield f"echo {account}:{PASSWORD} | chpasswd"
    yield from _opened(place)
    yield "echo ready; exec cat"  # until the other end closes: all ends with the test, however that ends


def _opened(place: Path) -> Iterator[str]:
    """Let every account reach Python and this course, where they are in a folder that is closed to others."""
    needed = {ROOT, Path(sys.prefix), Path(sys.base_prefix)}
    closed = {path: shut for path in needed if (shut := _closed_above(path))}
    for number, path in enumerate(closed):
        yield f"mkdir {place}/{number}; mount --bind {path} {place}/{number}"
    for shut in set(closed.values()):
        yield f"mount -t tmpfs -o mode=755 tmpfs {shut}"
    for number, path in enumerate(closed):
        yield f"mkdir -p {path}; mount --bind {place}/{number} {path}"


def _closed_above(path: Path) -> Path | None:
    return next((up for up in reversed(path.parents) if not up.stat().st_mode & 0o001), None)


@contextmanager
def hub(there: Machine) -> Iterator[str]:
    """Run a JupyterHub with its proxy, where the accounts log in with their passwords; yield its address."""
    ports = _free_ports(3)
    folder = there.place / "hub"
    folder.mkdir(mode=0o700)
    (folder / "jupyterhub_config.py").write_text(
        _CONFIG.format(*ports, bin=f"{sys.prefix}/bin", patience=_PATIENCE)
    )
    with (folder / "log").open("w") as log:
        run = there.line("root", f"cd {folder}; exec jupyterhub")
        with subprocess.Popen(run, stdout=log, stderr=log) as process:
            try:
                address = f"http://127.0.0.1:{ports[0]}"
                _wait_for(lambda: requests.get(f"{address}/hub/login", timeout=_PATIENCE).ok)
                yield address
            except BaseException:
                print((folder / "log").read_text())
                raise
            finally:
                process.terminate()


def _free_ports(number: int) -> list[int]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in sockets]


def _wait_for(condition) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            if condition():
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < end
        time.sleep(0.5)


class Visitor:
    """Somebody's browser: logged in, with a JupyterLab of their own."""

    def __init__(self, address: str, account: str) -> None:
        self._browser, self._account = requests.Session(), account
        self._own = f"{address}/user/{account}"
        page = f"{address}/hub/login?next=/hub/spawn/{account}"
        self._browser.get(page, timeout=_PATIENCE)
        form = {"username": account, "password": PASSWORD, "_xsrf": self._token("/hub/")}
        assert self._browser.post(page, data=form, timeout=_PATIENCE).ok

    def wait(self) -> None:
        """Wait until JupyterLab is there."""
        _wait_for(lambda: "jupyter-config-data" in self.get("lab").text)

    def get(self, page: str, **query: str) -> requests.Response:
        """Open a page of the visitor's own server."""
        return self._browser.get(f"{self._own}/{page}", params=query, timeout=_PATIENCE)

    def post(self, page: str, **form: str) -> requests.Response:
        """Send there what a menu of JupyterLab sends."""
        headers = {"X-XSRFToken": self._token(f"/user/{self._account}/")}
        return self._browser.post(f"{self._own}/{page}", json=form, headers=headers, timeout=_PATIENCE)

    def _token(self, path: str) -> str:
        return next(one.value for one in self._browser.cookies if (one.name, one.path) == ("_xsrf", path))
