"""Every layer of confinement matters: with it and what backs it up off, an attack gets through."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.sandbox import LAYERS, NAMESPACES, CannotConfine, is_enough, linux, seccomp
from autograder.judging.session import Session, judge_submission

from .conftest import QUICK, cells

pytestmark = pytest.mark.quick

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = set(NAMESPACES)  # what a container without user namespaces lacks
FILES = {"mount", "landlock", "seccomp"}  # what keeps files out of reach

READ = "def attack(path):\n    return open(path).read()"
EXISTS = "import os\ndef attack(path):\n    return os.path.exists(path)"
WRITE = "def attack(path):\n    open(path, 'w').write('was here')\n    return True"
PROCESSES = (
    "import os\ndef attack():\n    return sorted(p for p in os.listdir('/proc') if p.isdigit())[:1] != []"
)
FORK = (
    "import os\ndef attack():\n    pid = os.fork()\n    if pid == 0:\n        os._exit(0)\n"
    "    os.waitpid(pid, 0)\n    return True"
)
SOCKET = "import socket\ndef attack():\n    socket.socketpair()\n    return True"
DATAGRAM = (
    "import socket\ndef attack(port):\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
    "    s.sendto(b'hidden inputs', ('127.0.0.1', port))\n    return True"
)
PARENT = "import os\ndef attack():\n    return os.getppid() != 0"
SHARED = (
    "import ctypes\ndef attack(key):\n    libc = ctypes.CDLL(None, use_errno=True)\n"
    "    return libc.shmget(key, 4096, 0o1666) >= 0"
)
MEMORY = "def attack():\n    return len(np.empty(1 << 32, 'u1')) > 0"
LEFT_BEHIND = (
    "import os, time\ndef attack(path):\n    if os.fork() == 0:\n        os.setsid()\n"
    "        for n in range(3, 64):\n"
    "            try: os.close(n)\n            except OSError: pass\n        time.sleep(0.5)\n"
    "        open(path, 'w').write('still here')\n        os._exit(0)\n    time.sleep(0.2)\n    return True"
)


@contextmanager
def without(*off: str) -> Iterator[Warm]:
    with Warm(trusted=True, without=off) as template:
        yield template


def through(attempt, off, source, *args):
    with without(*off) as template:
        return attempt(template, source, *args, limits=Limits(call=2, memory=1 << 30)) is True


@pytest.fixture
def open_file(tmp_path):
    """A file that every user of the machine may read and write, in a folder that every user may enter."""
    path = tmp_path / "hidden.txt"
    path.write_text("hidden")
    path.chmod(0o666)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.getuid() and folder != folder.parent and folder.name != "tmp":
            folder.chmod(folder.stat().st_mode | 0o111)
    tmp_path.chmod(0o777)
    return str(path)


def test_this_machine_has_every_layer(warm):
    assert warm.layers == tuple(LAYERS)
    assert warm.missing == {}


@pytest.mark.parametrize("off", [set(), {"mount"}, CONTAINER])
@pytest.mark.parametrize(
    "source",
    [
        "import math\nf = np.vectorize(math.exp, otypes=[float])",
        "import functools\nf = functools.partial(np.multiply, 1.0)",
        "f = np.poly1d([1.0, 0.0])",
        "class F:\n    def __call__(self, z):\n        return z + 0.0\nf = F()",
    ],
)
def test_functions_that_are_instances_are_judged_with_any_layers(off, source):
    test = "assert f(np.ones(2)).shape == (2,)"
    with without(*off) as template:
        outcomes = judge_submission(template, cells(source, ("test", test)), Limits())
    assert outcomes[-1].passed


@pytest.mark.parametrize("off", [set(), {"mount"}, {"landlock"}, CONTAINER])
def test_files_outside_cannot_be_written(attempt, open_file, off):
    assert not through(attempt, off, WRITE, open_file)
    assert Path(open_file).read_text() == "hidden"


def test_mount_landlock_and_seccomp_keep_files_from_being_written(attempt, open_file):
    assert through(attempt, FILES, WRITE, open_file)


@pytest.mark.parametrize("off", [set(), {"mount"}, {"landlock"}, CONTAINER])
def test_files_outside_cannot_be_read(attempt, open_file, off):
    with without(*off) as template:
        assert attempt(template, READ, open_file) in ("FileNotFoundError", "PermissionError")


def test_mount_landlock_and_seccomp_keep_files_from_being_read(attempt, open_file):
    with without(*FILES) as template:
        assert attempt(template, READ, open_file) == "hidden"


@pytest.mark.parametrize("off", [set(), {"mount"}, {"landlock"}, {"seccomp"}, CONTAINER])
def test_even_the_existence_of_files_is_not_seen(attempt, open_file, off):
    assert not through(attempt, off, EXISTS, open_file)


@pytest.mark.parametrize("off", [set(), {"mount"}, CONTAINER])
def test_output_can_be_thrown_away(attempt, off):
    silent = (
        "import contextlib, os\ndef attack():\n    with open(os.devnull, 'w') as null:\n"
        "        with contextlib.redirect_stdout(null):\n            print('nobody sees this')\n    return True"
    )
    assert through(attempt, off, silent)


def test_mount_and_seccomp_keep_the_existence_of_files_from_being_seen(attempt, open_file):
    assert through(attempt, {"mount", "seccomp"}, EXISTS, open_file)


@pytest.mark.parametrize("off", [set(), {"mount"}, {"pid"}, {"landlock"}, CONTAINER])
def test_no_other_process_is_in_sight(attempt, off):
    assert not through(attempt, off, PROCESSES)


def test_mount_landlock_and_seccomp_keep_processes_out_of_sight(attempt):
    assert through(attempt, FILES, PROCESSES)


def test_pid_hides_the_process_that_started_it(attempt):
    assert not through(attempt, (), PARENT)
    assert through(attempt, {"pid"}, PARENT)


def test_pid_and_seccomp_leave_no_process_behind(attempt, open_file):
    everything_else = {"mount", "landlock"}  # so that the process left behind can show itself
    for off, left in (({"seccomp"}, "hidden"), ({"pid", "seccomp"}, "still here")):
        with without(*everything_else, *off) as template:
            attempt(template, LEFT_BEHIND, open_file)
            threading.Event().wait(1.2)
            assert Path(open_file).read_text() == left, off


def test_seccomp_keeps_processes_from_being_started(attempt):
    assert not through(attempt, (), FORK)
    assert not through(attempt, CONTAINER, FORK)
    assert through(attempt, {"seccomp"}, FORK)


def test_seccomp_keeps_sockets_from_being_made(attempt):
    assert not through(attempt, (), SOCKET)
    assert through(attempt, {"seccomp"}, SOCKET)


def test_network_and_seccomp_keep_localhost_out_of_reach(attempt):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind(("127.0.0.1", 0))
        service.settimeout(0.5)
        port = service.getsockname()[1]
        for off in ((), ("network",), ("seccomp",)):
            assert not through(attempt, off, DATAGRAM, port)
        assert through(attempt, ("network", "seccomp"), DATAGRAM, port)
        assert service.recv(100) == b"hidden inputs"


def test_ipc_and_seccomp_keep_shared_memory_of_the_machine_out_of_reach(attempt):
    libc, key = ctypes.CDLL(None, use_errno=True), 0x5EED
    segment = libc.shmget(key, 4096, 0o1666)
    assert segment >= 0
    try:
        assert not through(attempt, (), SHARED, key)
        assert not through(attempt, ("ipc",), SHARED, key)
        assert through(attempt, ("ipc", "seccomp"), SHARED, key)
    finally:
        libc.shmctl(segment, 0, None)


def test_limits_bound_memory(attempt):
    assert not through(attempt, (), MEMORY)
    assert through(attempt, ("limits",), MEMORY)


def test_all_layers_off_runs_only_what_is_trusted(attempt):
    with pytest.raises(CannotConfine, match=r"^this machine cannot confine student code \([^\n]+\)[^\n]+$"):
        Warm(without=LAYERS)
    with without(*LAYERS) as template:
        assert template.layers == ("trusted",)
        assert attempt(template, "def attack():\n    return 5") == 5


@pytest.mark.parametrize("off", [{"landlock"}, {"user"}, CONTAINER])
def test_enough_layers_are_enough(off):
    with Warm(without=off) as template:
        assert set(template.layers) == set(LAYERS) - off
        assert template.missing == dict.fromkeys(off, "switched off")


@pytest.mark.parametrize("off", [{"limits"}, {"seccomp"}, {"mount", "landlock"}, {"network", "landlock"}])
def test_too_few_layers_are_refused(off):
    assert not is_enough(set(LAYERS) - off)
    with pytest.raises(CannotConfine):
        Warm(without=off)


BUSY = """
import os, time
from autograder.judging.sandbox import namespaces

fork = os.fork

def slow():
    child = fork()
    time.sleep(0.2 if child else 0)  # whatever a child does is done first
    return child

os.fork = slow
namespaces.enter_user()
print(os.getuid(), open("/proc/self/uid_map").read().split()[0])
"""


@pytest.mark.parametrize("inside", [0, 1234], ids=["administrator", "anybody"])
def test_user_namespace_is_entered_whichever_process_is_first(inside):
    ids = f"--map-user={inside} --map-group={inside}".split()
    command = ["unshare", "--user", *ids, sys.executable, "-c", BUSY]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["1000", "1000"], run.stderr


def test_an_unknown_layer_is_a_mistake():
    with pytest.raises(ValueError, match="no such layer: moat"):
        Warm(without=("moat",))


def test_the_worker_has_no_capabilities_no_environment_and_no_open_files(attempt, warm):
    source = (
        "import os, ctypes, select\ndef attack():\n"
        "    header = (ctypes.c_uint32 * 2)(0x20080522, 0)\n    sets = (ctypes.c_uint32 * 6)()\n"
        "    libc = ctypes.CDLL(None)\n    held = []\n"
        "    for n in range(64):\n        look = select.poll()\n        look.register(n)\n"
        "        if look.poll(0) != [(n, select.POLLNVAL)]:\n            held.append(n)\n"
        "    return held, sorted(os.environ), os.getcwd()"
    )
    held, environment, folder = attempt(warm, source)
    assert held == [0, 1, 2, 3]
    assert [name for name in environment if "THREADS" not in name] == [
        "LC_ALL",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHASHSEED",
    ]
    assert folder == "/home/student"


def test_the_root_folder_holds_nothing_of_the_machine(attempt):
    walk = "import os\ndef attack():\n    return sorted(f for _, d, files in os.walk('/') for f in d + files)"
    with without("landlock") as template:
        assert attempt(template, walk) == ["dev", "home", "null", "student"]


REFUSED = """
ptrace mount keyctl add_key bpf userfaultfd io_uring_setup perf_event_open kexec_load setns unshare execve
process_vm_readv process_vm_writev pidfd_open pidfd_send_signal open_by_handle_at init_module chroot personality
symlinkat mknodat landlock_restrict_self setsid setpriority getpriority sched_setaffinity sched_setscheduler getcpu
socket socketpair pipe2 eventfd2 epoll_create1 inotify_init1 fanotify_init memfd_create shmget semget msgget mq_open
timer_create timerfd_create signalfd4 futex_waitv membarrier sysinfo mincore readahead fadvise64 flock mlock msync
splice tee vmsplice sendfile copy_file_range preadv2 sync fallocate getpgid getsid sched_getscheduler adjtimex
"""


def test_system_calls_that_computing_does_not_need_are_refused(warm):
    source = (
        "import ctypes\ndef attack(number):\n    libc = ctypes.CDLL(None, use_errno=True)\n"
        "    result = libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0)\n"
        "    return result, ctypes.get_errno()"
    )
    numbers = kernel_numbers(linux.MACHINE)
    with Session(warm, QUICK) as session:
        session.judge(cells(source))
        results = {name: session.call("attack", numbers[name]).result for name in REFUSED.split()}
    assert results == dict.fromkeys(REFUSED.split(), (-1, errno.EPERM))


def kernel_numbers(machine: str) -> dict[str, int]:
    """Return the kernel's own numbers, from the headers that Debian has in linux-libc-dev."""
    headers = {
        "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
        "aarch64": "/usr/include/asm-generic/unistd.h",
    }
    text = Path(headers[machine]).read_text()
    found = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)\b", text)}
    if machine == "aarch64":
        found |= {"newfstatat": found["fstatat"], "mmap": found["mmap"], "fcntl": found["fcntl"]}
    return found


@pytest.mark.parametrize("machine", linux.MACHINES)
@pytest.mark.parametrize(
    "table", [seccomp.COMPUTING, seccomp.PATHS, linux.CONFINING], ids=["computing", "paths", "own"]
)
def test_numbers_of_system_calls_are_the_kernels(machine, table):
    numbers = kernel_numbers(machine)
    assert table[machine] == {name: numbers[name] for name in table[machine]}
    assert set(seccomp.COMPUTING[machine]) | set(seccomp.PATHS[machine]) >= {
        "read",
        "openat",
        "futex",
        "clone",
    }


@pytest.mark.parametrize("machine", linux.MACHINES)
def test_calls_that_a_machine_does_not_have_are_missing_from_its_table(machine):
    numbers = kernel_numbers(machine)
    for table in (seccomp.COMPUTING, seccomp.PATHS, linux.CONFINING):
        everywhere = {name for numbered in table.values() for name in numbered}
        assert not (everywhere - table[machine].keys()) & numbers.keys()


def test_the_filter_is_made_of_whole_instructions_on_every_machine():
    for machine, files, threads in product(linux.MACHINES, (True, False), (True, False)):
        code = seccomp.program(machine, 1, files, threads)
        assert len(code) % 8 == 0
        assert len(code) // 8 < 4096
