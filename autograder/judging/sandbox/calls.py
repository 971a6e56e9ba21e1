"""The system calls that are let through or made here, by name: their numbers on x86_64 and on aarch64.

`-` where a machine has no such call. A test compares the table with the kernel's own headers.
"""

from __future__ import annotations

from platform import machine

MACHINES = ("x86_64", "aarch64")

_COMPUTING = """
read 0 63, readv 19 65, pread64 17 67, write 1 64, writev 20 66, pwrite64 18 68, close 3 57, close_range 436 436,
lseek 8 62, dup 32 23, dup2 33 -, dup3 292 24, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72,
mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, brk 12 214, madvise 28 233,
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigsuspend 130 133,
rt_sigtimedwait 128 137, sigaltstack 131 132, restart_syscall 219 128, kill 62 129, tgkill 234 131,
nanosleep 35 101, clock_nanosleep 230 115, pause 34 -, alarm 37 -, getitimer 36 102, setitimer 38 103,
gettimeofday 96 169, time 201 -, times 100 153, clock_gettime 228 113, clock_getres 229 114, getrusage 98 165,
getpid 39 172, gettid 186 178, getppid 110 173, getpgrp 111 -, getuid 102 174, geteuid 107 175, getresuid 118 148,
getgid 104 176, getegid 108 177, getresgid 120 150, getgroups 115 158, uname 63 160,
getrlimit 97 163, prlimit64 302 261, prctl 157 167, ioctl 16 29, fcntl 72 25,
clone 56 220, clone3 435 435, futex 202 98, set_robust_list 273 99, rseq 334 293, sched_yield 24 124,
sched_getaffinity 204 123, getrandom 318 278, umask 95 166, exit 60 93, exit_group 231 94,
fstat 5 80, fstatfs 138 44, fsync 74 82, fdatasync 75 83, ftruncate 77 46
"""
_PATHS = """
open 2 -, openat 257 56, stat 4 -, lstat 6 -, newfstatat 262 79, statx 332 291, access 21 -, faccessat 269 48,
faccessat2 439 439, readlink 89 -, readlinkat 267 78, getdents 78 -, getdents64 217 61, getcwd 79 17,
chdir 80 49, fchdir 81 50, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35,
rename 82 -, renameat 264 38, renameat2 316 276, statfs 137 43
"""
_CONFINING = """
pivot_root 155 41, capset 126 91, open_tree 428 428, move_mount 429 429, mount_setattr 442 442,
landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446
"""


def _read(table: str) -> dict[str, dict[str, int]]:
    """Return the numbers by machine and name."""
    rows = [row.split() for row in table.split(",")]
    return {
        machine: {name: int(numbers[column]) for name, *numbers in rows if numbers[column] != "-"}
        for column, machine in enumerate(MACHINES)
    }


COMPUTING = _read(_COMPUTING)
"""What computing, printing, sleeping, threads and signals to oneself need; some with bounds (see `seccomp`)."""
PATHS = _read(_PATHS)
"""What works on files by name."""
CONFINING = _read(_CONFINING)
"""What is called here to confine a process."""

MACHINE = machine()
SUPPORTED = MACHINE in MACHINES


def number(name: str) -> int:
    """Return the number of a call that confines, on this machine. OSError where it is not known."""
    if not SUPPORTED:
        raise OSError(f"system calls of {MACHINE} are not known")
    return CONFINING[MACHINE][name]
