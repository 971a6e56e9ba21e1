"""Processes whose parent has ended, waited for by the process that has taken them over."""

from __future__ import annotations

import ctypes
import os
import time

_SUBREAPER = 36  # prctl: processes whose parent has ended become this one's children


def adopt_orphans() -> None:
    """Become the parent of all processes below this one whose own parent ends."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def wait_for_orphans(seconds: float) -> bool:
    """Wait until this process has no children left; return False if there still are some when time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
        except ChildProcessError:
            return True
    return False
