"""A seccomp filter: what the process may not ask of the kernel any more, whatever runs in it.

Reading and writing what is open, memory, clocks and threads are left. Everything that opens, connects, starts, signals,
traces or loads is refused with EPERM. Numbers are those of Linux, linux/audit.h and asm/unistd.h.
"""

import ctypes
import platform
import struct
from collections.abc import Iterator

PR_SET_NO_NEW_PRIVS, SET_MODE_FILTER, FLAG_TSYNC = 38, 1, 1
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, REFUSE, NOT_THERE, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
CLONE_THREAD = 0x00010000
OTHER_ABI = 0x40000000
ARCHES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
NONE = -1
# name: (x86_64, aarch64)
REFUSED = {
    "open": (2, NONE), "openat": (257, 56), "openat2": (437, 437), "creat": (85, NONE),
    "open_by_handle_at": (304, 265), "memfd_create": (319, 279), "io_uring_setup": (425, 425),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvmsg": (47, 212), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "fork": (57, NONE), "vfork": (58, NONE), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "chroot": (161, 51), "pivot_root": (155, 41), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "prlimit64": (302, 261), "setrlimit": (160, 164),
    "link": (86, NONE), "linkat": (265, 37), "symlink": (88, NONE), "symlinkat": (266, 36), "unlink": (87, NONE),
    "unlinkat": (263, 35), "rename": (82, NONE), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, NONE),
    "mkdirat": (258, 34), "rmdir": (84, NONE), "mknod": (133, NONE), "mknodat": (259, 33), "truncate": (76, 45),
    "chmod": (90, NONE), "fchmodat": (268, 53), "chown": (92, NONE), "fchownat": (260, 54),
    "readlink": (89, NONE), "readlinkat": (267, 78), "getdents64": (217, 61), "getdents": (78, NONE),
    "inotify_init1": (294, 26), "fanotify_init": (300, 262), "shmget": (29, 194), "msgget": (68, 186),
    "mq_open": (240, 180),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)


class NoCage(Exception):
    """This machine cannot hold the process: nothing may run in it."""


def close() -> None:
    """From now on the kernel refuses all of REFUSED to every thread; NoCage where that cannot be had."""
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in ARCHES:
        raise NoCage(f"no filter is known for {platform.system()} on {machine}")
    column, arch, seccomp = ARCHES[machine]
    code = b"".join(_program(column, arch))
    kept = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(code) // 8, ctypes.addressof(kept))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NoCage("the kernel does not take away privileges")
    if libc.syscall(seccomp, SET_MODE_FILTER, FLAG_TSYNC, ctypes.byref(program)):
        raise NoCage(f"the kernel takes no filter (error {ctypes.get_errno()})")


def _program(column: int, arch: int) -> Iterator[bytes]:
    """The filter, instruction by instruction: struct sock_filter."""
    yield _step(LOAD, ARCH)
    yield _step(EQUAL, arch, 1, 0)
    yield _step(RETURN, KILL)
    yield _step(LOAD, NUMBER)
    if column == 0:
        yield from _unless(AT_LEAST, OTHER_ABI, REFUSE)
    for numbers in REFUSED.values():
        if numbers[column] != NONE:
            yield from _unless(EQUAL, numbers[column], REFUSE)
    # Its flags are in memory, where a filter cannot look: the C library then asks for the older one.
    yield from _unless(EQUAL, CLONE3[column], NOT_THERE)
    yield _step(EQUAL, CLONE[column], 0, 3)
    yield _step(LOAD, FIRST_ARGUMENT)
    yield _step(ANY_BIT, CLONE_THREAD, 1, 0)
    yield _step(RETURN, REFUSE)
    yield _step(RETURN, ALLOW)


def _unless(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _step(test, value, 0, 1)
    yield _step(RETURN, answer)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
