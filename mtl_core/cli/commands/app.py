"""`app`: opens the dashboard."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from mtl_core import registry
from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace

HOST = "127.0.0.1"
FIRST_PORT = 8501


@click.command("app")
@click.option("--port", type=click.IntRange(1, 65535), help=f"  [default: the first free one from {FIRST_PORT}]")
@click.option(
    "--data-root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Forms read data folders below this one alone; may be given several times.  [default: TANDEM_DATA_ROOTS, or "
    "any folder]",
)
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, port: int | None, roots: tuple[Path, ...]) -> None:
    """Open the dashboard. Its address is printed; Ctrl-C ends it."""
    workspace.check()
    if port and not _is_free(port):
        raise click.BadParameter(
            f"another program listens on {port}. Give another one, or none for the first free one.", param_hint="--port"
        )
    chosen = port or first_free_port(FIRST_PORT)
    address = f"http://{HOST}:{chosen}"
    answer_of(ctx).give({"address": address, "runs_dir": str(workspace)}, f"Tandem is at {address}")
    os.environ["TANDEM_RUNS_DIR"] = str(workspace)
    os.environ["TANDEM_STARTED_IN"] = str(Path.cwd())
    if roots:
        os.environ["TANDEM_DATA_ROOTS"] = os.pathsep.join(map(str, roots))
    os.chdir(registry.CODE)
    streamlit = ["-m", "streamlit", "run", "app.py", "--server.address", HOST, "--server.port", str(chosen)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *streamlit])


def first_free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on."""
    free = next(filter(_is_free, range(first, 65536)), None)
    if free is None:
        raise click.ClickException(f"no port from {first} on is free. Give one with --port.")
    return free


def _is_free(port: int) -> bool:
    """True where nobody listens on the port, and this user may."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
        return True
