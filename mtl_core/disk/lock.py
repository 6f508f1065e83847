"""A file lock that lives exactly as long as the processes that hold it, however they die.

The kernel drops it with the last of them, so unlike a process id it can't be mistaken for another's.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """Locks the file, made where it is missing; None where someone else holds it.

    The descriptor holds the lock, and so does every process that inherits it, until the last closes it.
    Raises FileNotFoundError where the file's folder is gone, OSError where there is no locking.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def in_place(descriptor: int, path: Path) -> bool:
    """Returns True while the locked file lies where it was: its folder was neither moved nor deleted."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return False
