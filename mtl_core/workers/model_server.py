"""The model server: answers what needs torch, for the pages, on the loopback alone.

It listens before it has loaded anything, so that /health answers at once, and ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import click
import uvicorn

from mtl_core.inference.routes import create_app
from mtl_core.jobs.model_client import Address, address_file, find

REPUBLISH = 2.0
"""Seconds between two looks at the published address."""
NICE = 5
"""Answers come before training (10) and after the web server (0)."""


@click.command()
@click.option("--runs-dir", type=click.Path(path_type=Path), required=True, help="Whose models are asked.")
def main(runs_dir: Path) -> None:
    """Serves until it is told to end, or until the process that holds its standard input is gone."""
    os.nice(NICE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again when it is done
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = Address(port=listener.getsockname()[1], token=secrets.token_urlsafe(32), pid=os.getpid())
    app = create_app(runs_dir, address.token)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    threading.Thread(target=_publish, args=(runs_dir, address), daemon=True).start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        _take_back(runs_dir, address)


def publish(runs_dir: Path, address: Address) -> None:
    """Writes the address where the pages look for it, readable by its owner alone from the first byte."""
    file = address_file(runs_dir)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{address.pid}.draft")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:  # noqa: PTH123
        json.dump({"port": address.port, "token": address.token, "pid": address.pid}, out)
    draft.replace(file)


def _publish(runs_dir: Path, address: Address) -> None:
    """At the start, and again whenever another server of the same runs folder took its own address away."""
    publish(runs_dir, address)
    while True:
        time.sleep(REPUBLISH)
        if find(runs_dir) is None:
            publish(runs_dir, address)


def _take_back(runs_dir: Path, address: Address) -> None:
    if find(runs_dir) == address:
        address_file(runs_dir).unlink(missing_ok=True)


def _end_with_parent() -> None:
    """The parent holds the other end of standard input: when it dies, by whatever signal, reading ends."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
