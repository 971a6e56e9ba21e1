"""Two workers of one machine tell each other nothing: neither two graded at once nor one and a later one.

Hidden inputs reach the worker that is examined; what the page shows comes from another. Every channel here carries
bits where the layers named are off, so that it is a real one, and none otherwise.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from autograder.judging.sandbox import NAMESPACES
from autograder.judging.session import Cell, Limits, Session, Warm

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("channels")]

BITS = (1, 0, 1, 1, 0)
ROUNDS = 6  # others use the machine's counters as well: a channel that carries in one of the rounds is one
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
def newest():
    for _ in range(1024):  # what is left of this processor's share may be old
        number_of_pipe()
    return number_of_pipe()

def send(bit):
    while not bit * 32768 + 4096 <= newest() < bit * 32768 + 12288:
        pass

def receive():
    return newest() // 32768
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
MODULES_IN_MEMORY = """
import sys
import numpy as np

kept = next(finder._kept for finder in sys.meta_path if hasattr(finder, "_kept"))
first = np.frombuffer(kept["abc"].code, np.uint8)

def send(bit):
    place = first.ctypes.data
    libc.mprotect(ctypes.c_void_p(place & -4096), ctypes.c_size_t(4096), 3)
    ctypes.memset(place, bit, 1)

def receive():
    return int(first[0])
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
    Channel("modules-in-memory", MODULES_IN_MEMORY, None),
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


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[[Collection[str]], Warm]]:
    """Starts what forks workers without some layers; once for all channels."""
    with ExitStack() as started:
        yield cache(lambda without: started.enter_context(Warm(trusted=True, without=without)))


def carried(channel: Channel, warm: Warm, file: str, rounds: int) -> bool:
    """Say whether bits get through, from a worker to another that runs beside it."""
    with Session(warm, LIMITS) as sender, Session(warm, LIMITS) as receiver:
        for session in (sender, receiver):
            session.load([Cell("student", "channel", f"FILE = {file!r}\n{COMMON}{channel.code}")])
        receiver.call("receive")
        return any(received(sender, receiver) == BITS for _ in range(rounds))


def received(sender: Session, receiver: Session) -> tuple[object, ...]:
    """Send all bits and return what arrives."""
    got = []
    for bit in BITS:
        sender.call("send", bit)
        got.append(receiver.call("receive").result)
    return tuple(got)


@pytest.mark.parametrize("without", [(), NAMESPACES], ids=["every layer", "no namespaces"])
@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_nothing_is_carried(channel, without, file, start):
    assert not carried(channel, start(without), file, 1)


@pytest.mark.parametrize("channel", [one for one in CHANNELS if one.open_without], ids=str)
def test_channel_carries_where_its_layers_are_off(channel, file, start):
    assert carried(channel, start(channel.open_without), file, ROUNDS)


AFTERWARDS = {
    "what a template remembers": (
        """
import sys

def receive():
    frame, seen = sys._getframe(), []
    while frame is not None:
        for value in frame.f_locals.values():
            if type(value).__name__ == "Workers":
                seen += [*value._ended, *value._forgotten]
        frame = frame.f_back
    return max(seen, default=0)
""",
        None,
    ),
    "numbers of mounts": (
        """
def receive():
    buffer = ctypes.create_string_buffer(256)
    call = {"x86_64": 332, "aarch64": 291}[os.uname().machine]
    if libc.syscall(call, -100, b"/", 0, 0x4000, buffer):
        return 0
    return struct.unpack_from("<Q", buffer, 0x90)[0]
""",
        frozenset({"seccomp"}),
    ),
    "numbers of sockets": ("def receive():\n    return os.fstat(3).st_ino", frozenset({"seccomp"})),
    "numbers of sockets by another name": (
        "def receive():\n    return os.fstat(os.dup(3)).st_ino",
        frozenset({"seccomp"}),
    ),
    "numbers of sockets by a copy": (
        "def receive():\n    return os.fstat(fcntl.fcntl(3, fcntl.F_DUPFD, 9)).st_ino",
        frozenset({"seccomp"}),
    ),
}
"""What is shown later may not count how often the worker that hidden tests called has ended."""
CRASHES = 6
CRASH = """
def crash(times):
    os._exit(1)
"""
CRASHING = """
for _ in range(times):
    try:
        crash(times)
    except BaseException:
        pass
receive()
"""


def counted(code: str, times: int, warm: Warm, sender_is_shown: bool) -> int:
    """What is received after a worker that a test called ended so many times; 0 where nothing is."""
    cells = [Cell("student", "channel", f"{COMMON}{CRASH}{code}")]
    with Session(warm, LIMITS) as sender:
        if sender_is_shown:
            sender.load(cells)
            for _ in range(times):
                sender.call("crash", times)
            sender.call("receive")
        else:
            sender.judge([*cells, Cell("test", "crash-often", f"times = {times}\n{CRASHING}")])
    with Session(warm, LIMITS) as receiver:
        receiver.load(cells)
        return receiver.call("receive").result or 0


def is_counted(code: str, warm: Warm, rounds: int, sender_is_shown: bool = False) -> bool:
    """Whether more was counted where the worker ended more often. Others on the machine are counted, too."""
    at = counted(code, 0, warm, sender_is_shown)
    steps: dict[int, list[int]] = {0: [], CRASHES: []}
    for times in (0, CRASHES) * rounds:
        before, at = at, counted(code, times, warm, sender_is_shown)
        if at > before > 0:
            steps[times].append(at - before)
        if all(steps.values()) and min(steps[CRASHES]) >= min(steps[0]) + CRASHES:
            return True
    return False


@pytest.mark.parametrize("without", [(), NAMESPACES], ids=["every layer", "no namespaces"])
@pytest.mark.parametrize("name", AFTERWARDS)
def test_what_is_shown_does_not_count_how_often_a_tested_worker_ended(name, without, start):
    assert not is_counted(AFTERWARDS[name][0], start(without), 2)


@pytest.mark.parametrize("name", AFTERWARDS)
def test_it_could_be_counted_without_what_keeps_it_apart(name, start):
    code, open_without = AFTERWARDS[name]
    assert is_counted(code, start(open_without or ()), ROUNDS, sender_is_shown=open_without is None)


def test_tested_worker_is_gone_before_anything_else_begins():
    """Its folder's device and its memory would still be taken, for as long as it chose to have much of both."""
    hold = "def f():\n    f.held = np.ones(30_000_000)"
    with Warm() as warm:
        before = descendants(warm._process.pid)
        with Session(warm, LIMITS) as session:
            session.judge([Cell("student", "f", f"import numpy as np\n{hold}"), Cell("test", "f-1", "f()")])
        assert descendants(warm._process.pid) == before


def descendants(process: int) -> set[int]:
    """The processes that a process and its children have started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found
