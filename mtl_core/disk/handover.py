"""Hands a run to a process that waits for one: its name, its lock and its log, through a socket."""

import json
import os
import socket

MOST = 65536
"""Bytes that a message may have."""


def give(door: socket.socket, runs_dir: str, run_id: str, lock: int, log: int) -> None:
    """Sends a run with the descriptors of its lock and log. Raises OSError where the other end has gone."""
    socket.send_fds(door, [json.dumps([runs_dir, run_id]).encode()], [lock, log])


def receive(door: int) -> tuple[str, str, int] | None:
    """Waits for a run to come through the socket `door`; its folder of runs, its id and its lock.

    From then on what is printed goes to the run's log. None where the other end is closed.
    """
    with socket.socket(fileno=door) as outside:
        message, descriptors, *_ = socket.recv_fds(outside, MOST, 2)
    if not descriptors:
        return None
    lock, log = descriptors
    os.set_inheritable(lock, False)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    runs_dir, run_id = json.loads(message)
    return runs_dir, run_id, lock
