"""The dashboard as an application: what starts and ends with it. `python -m mtl_core app` runs it."""

from __future__ import annotations

import filecmp
import importlib.util
import logging
import shutil
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mtl_core.disk import whole
from mtl_core.errors import TandemError
from mtl_core.jobs import catalogue, liveness, prewarm
from mtl_core.jobs.after_run import let_studies_go_on
from mtl_core.jobs.model_server import ModelServer
from mtl_core.store import example, tasks
from mtl_core.store.workspace import Workspace
from pages.shared import parts

SWEEP_SECONDS = 4.0
"""How often runs are looked at whose process may have died."""

STATIC = Path(__file__).parent / "pages" / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; "
        "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; frame-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Pages load nothing from elsewhere and are shown in nobody else's frame. Streamlit's own page needs inline
scripts and styles, and its charts make functions from text."""

log = logging.getLogger("tandem.app")


class WithHeaders:
    """Adds HEADERS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on and completes its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def copy_plotly() -> None:
    """Puts plotly's own script among the static files, for the live charts."""
    spec = importlib.util.find_spec("plotly")
    origin = Path(str(spec and spec.origin)).parent / "package_data" / "plotly.min.js"
    target = STATIC / "plotly.min.js"
    if target.exists() and filecmp.cmp(origin, target, shallow=False):
        return
    with whole.replacing(target) as draft:
        shutil.copyfile(origin, draft)


def load_libraries() -> None:
    """Loads what pages take a second or two to load, so that the first visitor of each does not wait for it."""
    import plotly.graph_objects as go

    for name in ("mtl_core.services.studies", "mtl_core.services.study_flips"):
        importlib.import_module(name)
    go.Figure(go.Scatter(y=[0]), {"xaxis": {"title": {"text": ""}}}).to_plotly_json()


def in_background(work: Callable[[], object], name: str) -> threading.Thread:
    """Runs `work` beside the server. What a user could mend is logged; the pages say it too."""

    def guarded() -> None:
        try:
            work()
        except (TandemError, OSError) as error:
            log.warning("%s: %s", name, error)

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread


def sweep_until(ended: threading.Event, workspace: Workspace) -> None:
    """Looks for dead runs again and again, starts what waits, and lets studies go on that do so by themselves.

    Where nothing runs, a process is kept ready.
    """
    while not ended.wait(SWEEP_SECONDS):
        try:
            liveness.sweep(workspace)
            let_studies_go_on(workspace, patience=0.0)
            if not liveness.anything_runs(workspace):
                prewarm.keep()
        except (TandemError, OSError) as error:
            log.warning("sweep: %s", error)


def greet(workspace: Workspace) -> None:
    """Puts the example study into a new workspace, before the first page is asked for: half a second, once."""
    try:
        example.greet(workspace)
    except (TandemError, OSError) as error:
        log.warning("example: %s", error)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """What lives as long as the server. Runs are none of it: they train on when it ends."""
    workspace, ended = Workspace.default(), threading.Event()
    tasks.use(workspace)
    copy_plotly()
    greet(workspace)
    server = ModelServer(workspace)
    in_background(load_libraries, "libraries")
    in_background(lambda: catalogue.read(workspace), "catalogue")
    in_background(server.start, "model server")
    sweeper = in_background(lambda: sweep_until(ended, workspace), "sweep")
    yield {}
    ended.set()
    server.stop()
    sweeper.join(timeout=SWEEP_SECONDS)
    prewarm.drop()


def on_script_error(error: Exception) -> bool:
    """Shows what a user can mend in our words, from wherever in a page it comes."""
    if isinstance(error, TandemError):
        parts.show_faults(error)
        return True
    return False


app = st.App("pages/main.py", lifespan=lifespan, middleware=[Middleware(WithHeaders)], on_script_error=on_script_error)
