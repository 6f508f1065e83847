"""Asks the model server. Plain HTTP on the loopback with a token; no torch, no third-party client."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.store.model_server import Address, find
from mtl_core.store.workspace import Workspace

PENDING = 202
STARTING = 503
TOO_SLOW = "the model server did not answer within {seconds:g} seconds. Try again."


class ModelServerAway(TandemError):
    """The model server is starting, or was started again; it answers in a few seconds."""


def ask(workspace: Workspace, path: str, document: Any = None, *, timeout: float = 30.0) -> Any:
    """The server's answer as a document; None where it is still being worked out: ask again.

    Raises ModelServerAway where no server answers yet, InvalidConfig with the server's faults.
    """
    address = find(workspace)
    if address is None:
        raise ModelServerAway("the model server is starting. It answers in a few seconds.")
    status, answer = _exchange(address, path, document, timeout)
    if status == PENDING:
        return None
    if status == STARTING:
        raise ModelServerAway("the model server is loading. It answers in a few seconds.")
    if status != 200:
        raise InvalidConfig([Fault(fault["field"], fault["message"]) for fault in answer["faults"]])
    return answer


def _exchange(address: Address, path: str, document: Any, timeout: float) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", address.port, timeout=timeout)
    headers = {"Authorization": f"Bearer {address.token}", "Content-Type": "application/json"}
    try:
        connection.request("GET" if document is None else "POST", path, _body(document), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except TimeoutError as error:
        raise ModelServerAway(TOO_SLOW.format(seconds=timeout)) from error
    except (OSError, HTTPException, ValueError) as error:
        raise ModelServerAway("the model server is not running. It restarts automatically.") from error
    finally:
        connection.close()


def _body(document: Any) -> bytes | None:
    return None if document is None else json.dumps(document).encode()
