"""The model server's routes: JSON in, JSON out, faults as faults, never a traceback."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mtl_core.disk.json_text import parsed
from mtl_core.errors import Fault, TandemError
from mtl_core.inference.backend import Backend, Loading
from mtl_core.store.workspace import Workspace

MOST_BYTES = 4_000_000
"""Largest request that is read."""
LOG = "Its log, cache/model_server.log in the runs folder, says why."


class PredictRequest(BaseModel):
    """The document that /predict takes."""

    run: str
    task: str
    inputs: tuple[str, ...]


class ConfigRequest(BaseModel):
    """The document that /plan and /pace take: the values of a RunConfig."""

    config: dict[str, Any]
    patience: float = Field(0.3, ge=0, le=10)
    """Seconds to wait for the answer before saying 202."""


class Guard:
    """Lets nothing through but requests of a known and fair size that carry the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401, 411 or 413 itself."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0" if scope["method"] == "GET" else b"")
        if not secrets.compare_digest(headers.get(b"authorization", b""), self.expected):
            await _refused(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong.")(scope, receive, send)
        elif not length.isdigit():
            await _refused(HTTPStatus.LENGTH_REQUIRED, "the request does not say how long it is.")(scope, receive, send)
        elif int(length) > MOST_BYTES:
            words = f"the request is larger than {MOST_BYTES:,} bytes."
            await _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Routes:
    """Each route's answer. What needs torch waits for it with 503."""

    def __init__(self, loading: Loading) -> None:
        self.loading = loading

    async def health(self, _: Request) -> Response:
        """The server's state, and the models in memory."""
        side = self.loading.side
        return JSONResponse({"state": self.loading.state, "models": side.models.ids if side else ()})

    async def predict(self, request: Request) -> Response:
        """A run's answer to a text: the fields of records.Answered."""
        body = PredictRequest.model_validate(await _document(request))
        return await self._ask(lambda side: side.predict(body.run, body.task, body.inputs))

    async def plan(self, request: Request) -> Response:
        """The plan of a config: the fields of engine.plan.Plan; 202 while it is being computed."""
        body = ConfigRequest.model_validate(await _document(request))
        return await self._ask(lambda side: side.plan(body.config, body.patience))

    async def pace(self, request: Request) -> Response:
        """The throughput of a config here: the fields of Throughput; 202 while it is being measured."""
        body = ConfigRequest.model_validate(await _document(request))
        return await self._ask(lambda side: side.pace(body.config, body.patience))

    async def _ask(self, question: Callable[[Backend], Any]) -> Response:
        if self.loading.over:
            return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, f"the model server could not load. {LOG}")
        if self.loading.side is None:
            return JSONResponse({"state": self.loading.state}, HTTPStatus.SERVICE_UNAVAILABLE)
        answer = await run_in_threadpool(question, self.loading.side)
        return JSONResponse({}, HTTPStatus.ACCEPTED) if answer is None else JSONResponse(answer)


def create_app(workspace: Workspace, token: str) -> Starlette:
    """The server. Loading begins at once, in the background."""
    routes = Routes(Loading(workspace))
    return Starlette(
        routes=[
            Route("/health", routes.health),
            Route("/predict", routes.predict, methods=["POST"]),
            Route("/plan", routes.plan, methods=["POST"]),
            Route("/pace", routes.pace, methods=["POST"]),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(Guard, token=token),
        ],
        exception_handlers={
            TandemError: _invalid,
            ValidationError: _misunderstood,
            json.JSONDecodeError: _misunderstood,
            UnicodeDecodeError: _misunderstood,
            Exception: _broken,
        },
    )


async def _document(request: Request) -> Any:
    """The request's JSON. Raises JSONDecodeError and UnicodeDecodeError."""
    return parsed((await request.body()).decode())


def _refused(status: HTTPStatus, *messages: str) -> Response:
    return JSONResponse({"faults": [{"field": "", "message": message} for message in messages]}, status)


async def _invalid(_: Request, error: Exception) -> Response:
    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    entries = [{"field": fault.field, "message": fault.message} for fault in faults]
    return JSONResponse({"faults": entries}, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _misunderstood(_: Request, error: Exception) -> Response:
    return _refused(HTTPStatus.BAD_REQUEST, f"the request is not what this address takes: {error}")


async def _broken(_: Request, error: Exception) -> Response:
    """The traceback goes to the log; starlette raises the error on to there."""
    words = f"the model server failed on this ({type(error).__name__}). {LOG}"
    return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, words)
