# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network and a table of host names of the test's own, so that nothing else on the machine answers or is asked."""

import ctypes
import fcntl
import os
import socket
import struct
import tempfile

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40

libc = ctypes.CDLL(None, use_errno=True)


def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def raise_loopback():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP | IFF_RUNNING))


def replace_file(path, text):
    """For this process and its children only."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    must(libc.mount(file.name.encode(), path.encode(), None, MS_BIND, None))
    os.unlink(file.name)


def enter(hosts):
    """Moves this process there.  `hosts` maps addresses to names.  False: this machine does not let it; then
    everything happens in the machine's own network, with its own names."""
    try:
        must(libc.unshare(CLONE_NEWNET | CLONE_NEWNS))
    except OSError:
        return False
    must(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))
    raise_loopback()
    replace_file("/etc/hosts", "".join(f"{address} {' '.join(names)}\n" for address, names in hosts.items()))
    replace_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
    return True
