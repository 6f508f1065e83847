"""The model server: answers what needs torch, for the pages, on the loopback alone.

It listens before it has loaded anything, so that /health answers at once, and ends with the process that started it.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import threading
from pathlib import Path

import click
import uvicorn

from mtl_core.inference.routes import create_app
from mtl_core.store.model_server import Address, find, forget, publish
from mtl_core.store.workspace import Workspace

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
    workspace = Workspace(runs_dir)
    app = create_app(workspace, address.token)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    ending = threading.Event()
    publisher = threading.Thread(target=_publish, args=(workspace, address, ending), daemon=True)
    try:
        publisher.start()
        threading.Thread(target=_end_with_parent, daemon=True).start()
        server.run(sockets=[listener])
    finally:
        ending.set()
        publisher.join()  # or it could publish once more after the address was taken back
        forget(workspace, address.pid)


def _publish(workspace: Workspace, address: Address, ending: threading.Event) -> None:
    """At the start, and again whenever another server of the same runs folder took its own address away."""
    publish(workspace, address)
    while not ending.wait(REPUBLISH):
        if find(workspace) is None:
            publish(workspace, address)


def _end_with_parent() -> None:
    """The parent holds the other end of standard input: when it dies, by whatever signal, reading ends."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
