"""The identity of a process: a reused process id can't be taken for a live run."""

from __future__ import annotations

import socket
from functools import cache
from pathlib import Path

import psutil

from mtl_core.store.queue import Holder

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SAME_START = 2.0
"""Seconds that two readings of one process's start may differ by."""


@cache
def host() -> str:
    """This machine's name."""
    return socket.gethostname()


@cache
def boot() -> str:
    """Changes with each start of the machine."""
    return BOOT_ID.read_text("ascii").strip() if BOOT_ID.exists() else str(round(psutil.boot_time()))


def holder(pid: int) -> Holder:
    """A live process of this machine, as the index knows it."""
    return Holder(host(), boot(), pid, psutil.Process(pid).create_time())


def same_process(known: Holder) -> bool:
    """Returns True while that very process runs on this machine."""
    if (known.host, known.boot) != (host(), boot()):
        return False
    try:
        process = psutil.Process(known.pid)
        same = abs(process.create_time() - known.started) < SAME_START
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
