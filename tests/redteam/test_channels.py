"""Two workers of one machine tell each other nothing: neither two graded at once nor one and a later one.

Hidden inputs reach the worker that is examined; what the page shows comes from another. Every channel here carries
bits where the layers named are off, so that it is a real one, and none otherwise.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest

from autograder.judging.sandbox import NAMESPACES
from autograder.judging.session import Cell, Limits, Session, Warm

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("channels")]

BITS = (1, 0, 1, 1, 0)
LIMITS = Limits(call=20.0, memory=8 << 30)
FILES = {"mount", "landlock", "seccomp"}


@dataclass(frozen=True)
class Channel:
    """Code that defines `send(bit)` and `receive()`, and the layers without which it works (None: never)."""

    name: str
    code: str
    open_without: frozenset[str] | None

    def __str__(self) -> str:
        return self.name


COMMON = """
import ctypes, fcntl, os, socket, struct, threading, time
libc = ctypes.CDLL(None, use_errno=True)
held = []


def number_of_pipe():
    ends = os.pipe()
    found = os.fstat(ends[0]).st_ino
    for end in ends:
        os.close(end)
    return found % 65536
"""
FLOCK = """
def send(bit):
    if not held:
        held.append(os.open(os.devnull, os.O_RDONLY))
    fcntl.flock(held[0], fcntl.LOCK_EX if bit else fcntl.LOCK_UN)

def receive():
    file = os.open(os.devnull, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 1
    finally:
        os.close(file)
    return 0
"""
RECORD_LOCK = """
LOCK = {kind}

def send(bit):
    if not held:
        held.append(os.open(os.devnull, os.O_RDWR))
    kind = fcntl.F_WRLCK if bit else fcntl.F_UNLCK
    fcntl.fcntl(held[0], LOCK, struct.pack("hhqqi4x", kind, 0, 0, 1, 0))

def receive():
    file = os.open(os.devnull, os.O_RDWR)
    try:
        fcntl.fcntl(file, LOCK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))
        fcntl.fcntl(file, LOCK, struct.pack("hhqqi4x", fcntl.F_UNLCK, 0, 0, 1, 0))
    except BlockingIOError:
        return 1
    finally:
        os.close(file)
    return 0
"""
FUTEX = """
WAIT, WAKE = 0, 1
NUMBER = 202 if os.uname().machine == "x86_64" else 98
page = ctypes.cast(libc.qsort, ctypes.c_void_p).value & ~4095
word = ctypes.c_uint32.from_address(page)

def wait():
    libc.syscall(NUMBER, ctypes.c_void_p(page), WAIT, word.value, struct.pack("qq", 3, 0), None, 0)

def send(bit):
    if bit:
        threading.Thread(target=wait, daemon=True).start()
    time.sleep(0.3)

def receive():
    return libc.syscall(NUMBER, ctypes.c_void_p(page), WAKE, 9, None, None, 0)
"""
PAGE_CACHE = """
def send(bit):
    file = os.open(FILE, os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_RANDOM)
    if bit:
        os.pread(file, 1, 65536)

def receive():
    file = os.open(FILE, os.O_RDONLY)
    try:
        return len(bytes(os.preadv(file, [bytearray(1)], 65536, os.RWF_NOWAIT)))
    except BlockingIOError:
        return 0
"""
INODE_COUNTER = """
def send(bit):
    while not bit * 32768 + 8192 <= number_of_pipe() < bit * 32768 + 16384:
        pass

def receive():
    for _ in range(1024):  # what is left of this processor's share
        number_of_pipe()
    return number_of_pipe() // 32768
"""
THREAD_NUMBERS = """
def number():
    found = []
    one = threading.Thread(target=lambda: found.append(threading.get_native_id()))
    one.start()
    one.join()
    return found[0] % 8192

def send(bit):
    while not bit * 4096 + 512 <= number() < bit * 4096 + 2048:
        pass

def receive():
    return number() // 4096
"""
THREAD_COUNT = """
go = threading.Event()

def send(bit):
    go.set()
    for thread in held:
        thread.join()
    held.clear()
    go.clear()
    for _ in range(20 * bit):
        held.append(threading.Thread(target=go.wait, daemon=True))
        held[-1].start()

def receive():
    wait, mine = threading.Event(), []
    try:
        for _ in range(16):
            mine.append(threading.Thread(target=wait.wait, daemon=True))
            mine[-1].start()
    except RuntimeError:
        mine.pop()
        return 1
    finally:
        wait.set()
        for thread in mine:
            thread.join()
    return 0
"""
TIMERS = """
def timer():
    made = ctypes.c_void_p()
    return made if libc.timer_create(1, None, ctypes.byref(made)) == 0 else None

def send(bit):
    while held:
        libc.timer_delete(held.pop())
    for _ in range(50 * bit):
        held.append(timer())

def receive():
    mine = [timer() for _ in range(20)]
    for one in mine:
        if one is not None:
            libc.timer_delete(one)
    return int(None in mine)
"""
SHARED_MEMORY = """
def send(bit):
    if bit:
        assert libc.shmget(0x52454401, 4096, 0o1666) >= 0
    else:
        libc.shmctl(libc.shmget(0x52454401, 0, 0), 0, None)

def receive():
    return int(libc.shmget(0x52454401, 0, 0) >= 0)
"""
SOCKET_NAME = """
def send(bit):
    while held:
        held.pop().close()
    if bit:
        held.append(socket.socket(socket.AF_UNIX))
        held[0].bind("\\0redteam-channel")

def receive():
    try:
        with socket.socket(socket.AF_UNIX) as mine:
            mine.bind("\\0redteam-channel")
    except OSError as error:
        return int(error.errno == 98)
    return 0
"""
KEYRING = """
ADD, KEYCTL = (248, 250) if os.uname().machine == "x86_64" else (217, 219)
USER = ctypes.c_long(-4)

def send(bit):
    key = libc.syscall(ADD, b"user", b"redteam", b"x", 1, USER)
    if not bit:
        libc.syscall(KEYCTL, 9, key, USER)

def receive():
    return int(libc.syscall(KEYCTL, 10, USER, b"user", b"redteam", 0) > 0)
"""
WATCH = """
file = libc.inotify_init1(os.O_NONBLOCK)
libc.inotify_add_watch(file, os.devnull.encode(), 0x20)

def send(bit):
    if bit:
        os.close(os.open(os.devnull, os.O_RDONLY))

def receive():
    try:
        return int(len(os.read(file, 4096)) > 0)
    except BlockingIOError:
        return 0
"""
DESCRIPTOR_FLAGS = """
def send(bit):
    for file in range(4):
        fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND * bit)

def receive():
    return int(any(fcntl.fcntl(file, fcntl.F_GETFL) & os.O_APPEND for file in range(3)))
"""
TIME_STAMPS = """
def send(bit):
    for file in range(3):
        os.utime(file, (bit, bit)) if bit else os.utime(file)

def receive():
    return int(any(os.fstat(file).st_mtime < 1000 for file in range(3)))
"""

CHANNELS = [
    Channel("flock", FLOCK, frozenset({"seccomp"})),
    Channel("record-lock", RECORD_LOCK.format(kind="fcntl.F_SETLK"), frozenset({"seccomp"})),
    Channel("open-file-lock", RECORD_LOCK.format(kind="37"), frozenset({"seccomp"})),
    Channel("futex-on-a-library", FUTEX, frozenset({"seccomp"})),
    Channel("page-cache", PAGE_CACHE, frozenset(FILES)),
    Channel("inode-counter", INODE_COUNTER, frozenset({"seccomp"})),
    Channel("thread-numbers", THREAD_NUMBERS, frozenset({"pid", "seccomp"})),
    Channel("thread-count", THREAD_COUNT, frozenset({"user", "seccomp"})),
    Channel("timers-of-the-user", TIMERS, frozenset({"user", "seccomp"})),
    Channel("shared-memory", SHARED_MEMORY, frozenset({"ipc", "seccomp"})),
    Channel("socket-name", SOCKET_NAME, frozenset({"network", "seccomp"})),
    Channel("keyring", KEYRING, frozenset({"user", "seccomp"})),
    Channel("watch-of-a-file", WATCH, frozenset({"seccomp"})),
    Channel("descriptor-flags", DESCRIPTOR_FLAGS, None),
    Channel("time-stamps", TIME_STAMPS, None),
]


@pytest.fixture(scope="module")
def file() -> Iterator[str]:
    """A file that every user may read."""
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as made:
        made.write(b"x" * 131072)
        made.flush()
        os.fsync(made.fileno())
        os.chmod(made.name, 0o644)
        yield made.name


def carried(channel: Channel, without: Collection[str], file: str) -> bool:
    """Say whether bits get through, from a worker to another that runs beside it."""
    with (
        Warm(trusted=True, without=without) as warm,
        Session(warm, LIMITS) as sender,
        Session(warm, LIMITS) as receiver,
    ):
        for session in (sender, receiver):
            session.load([Cell("student", "channel", f"FILE = {file!r}\n{COMMON}{channel.code}")])
        receiver.call("receive")
        got = []
        for bit in BITS:
            sender.call("send", bit)
            got.append(receiver.call("receive").result)
        return tuple(got) == BITS


@pytest.mark.parametrize("without", [(), NAMESPACES], ids=["every layer", "no namespaces"])
@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_nothing_is_carried(channel, without, file):
    assert not carried(channel, without, file)


@pytest.mark.parametrize("channel", [one for one in CHANNELS if one.open_without], ids=str)
def test_channel_carries_where_its_layers_are_off(channel, file):
    assert carried(channel, channel.open_without, file)
