"""A place to run what may break the machine: own processes, own network, and a disk that is thrown away.

The command sees this machine's files, but what it writes goes to memory (an overlay on everything),
except for one exchange folder. Its processes see only each other and all end with it. The judge under
test is run in here as well, so that a hole in it, or a layer switched off on purpose, costs nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import modules

ROOT = Path(__file__).resolve().parents[2]
EXCHANGE = Path("/mnt/exchange")
WRITTEN = Path("/mnt/written")

_SETUP = """
set -eu
mount -t tmpfs -o size=1536m,mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t tmpfs -o mode=755 tmpfs /mnt/root
for top in /*; do
    if [ -L "$top" ]; then cp -P "$top" "/mnt/root$top"; continue; fi
    if [ ! -d "$top" ]; then continue; fi
    mkdir "/mnt/root$top" "/mnt/upper$top" "/mnt/work$top"
    case "$top" in
    /mnt) mount -t tmpfs -o mode=755 tmpfs /mnt/root/mnt ;;
    /tmp) mount --bind /mnt/upper/tmp /mnt/root/tmp ;;
    /proc) mount -t proc proc /mnt/root/proc ;;
    /dev | /sys) mount --rbind "$top" "/mnt/root$top" ;;
    *)
        layers="lowerdir=$top,upperdir=/mnt/upper$top,workdir=/mnt/work$top"
        mount -t overlay overlay -o "$layers" "/mnt/root$top" 2>/dev/null ||
            mount -t overlay overlay -o "userxattr,$layers" "/mnt/root$top" 2>/dev/null ||
            mount --rbind "$top" "/mnt/root$top"
        ;;
    esac
done
chmod 1777 /mnt/root/tmp
case "$ROOT" in
/tmp/*)  # the folder of everybody's temporary files is empty in here, but for this course
    mkdir -p "/mnt/upper$ROOT" "/mnt/work$ROOT"
    layers="lowerdir=$ROOT,upperdir=/mnt/upper$ROOT,workdir=/mnt/work$ROOT"
    mount -t overlay overlay -o "$layers" "/mnt/root$ROOT" 2>/dev/null ||
        mount -t overlay overlay -o "userxattr,$layers" "/mnt/root$ROOT" 2>/dev/null ||
        mount --rbind "$ROOT" "/mnt/root$ROOT"
    ;;
esac
mount -t tmpfs -o size=256m,mode=1777 tmpfs /mnt/root/dev/shm
mkdir /mnt/root/mnt/exchange /mnt/root/mnt/written /mnt/root/mnt/old
mount --bind "$EXCHANGE" /mnt/root/mnt/exchange
mount --bind /mnt/upper /mnt/root/mnt/written
cd /mnt/root
pivot_root . mnt/old
umount -l /mnt/old
ip link set lo up 2>/dev/null || true
cd "$ROOT"
exec unshare --user --map-user=1000 --map-group=1000 "$@"
"""


@dataclass(frozen=True)
class Ended:
    """How the command ended; `code` is None when it had to be killed at the time limit."""

    code: int | None
    output: str


def run_enclosed(command: list[str], exchange: Path, seconds: float) -> Ended:
    """Run a command in an enclosure of its own and kill everything in it after so many seconds.

    `exchange` is the one folder that it shares with the outside; inside it is `EXCHANGE`.
    """
    unshare = "unshare --user --map-root-user --mount --pid --net --ipc --fork --kill-child=KILL"
    environment = {
        **_plain_environment(),
        "EXCHANGE": str(exchange),
        "ROOT": str(ROOT),
    }
    process = subprocess.Popen(
        [*unshare.split(), "sh", "-c", _SETUP, "sh", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
        return Ended(process.returncode, output.decode("utf-8", "replace"))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return Ended(None, output.decode("utf-8", "replace"))


def module_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of this package's modules."""
    python, *rest = modules.command(module, *arguments)
    return [python, "-B", *rest]


def _plain_environment() -> dict[str, str]:
    folder = str(Path(sys.executable).parent)
    keep = {key: os.environ[key] for key in ("HOME", "LANG") if key in os.environ}
    return {
        **keep,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
