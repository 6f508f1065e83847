"""The Hugging Face hub: its availability, and a repository's contents and files. No torch here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from mtl_core.errors import HubUnreachable

PATIENCE = 3.0
"""Seconds that the hub has to answer a first, small question."""
LONGEST_SILENCE = 10.0
"""Seconds without a byte after which a later request has failed."""
WAITS = ("connect", "read", "write", "pool")
TRIES = 2
"""Requests in a row that may fail before the hub counts as gone."""

Kind = Literal["models", "datasets"]
T = TypeVar("T")


def endpoint() -> str:
    """The hub's address: HF_ENDPOINT, or the public hub."""
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def reachable(endpoint: str | None = None) -> bool:
    """Returns True where a hub answers at the address; waits at most PATIENCE seconds."""
    try:
        status, answer = _get("/api/models?limit=1", endpoint)
    except HubUnreachable:
        return False
    return status == 200 and isinstance(answer, list)


def listing(kind: Kind, repository: str) -> tuple[str, ...] | None:
    """Names of the repository's files; None where the hub has no such repository that may be read.

    Raises HubUnreachable, whose message ends without advice, within PATIENCE seconds.
    """
    status, answer = _get(f"/api/{kind}/{repository}")
    if status in (401, 403, 404):
        return None
    if status != 200:
        raise HubUnreachable(f"{_hub()} answers with error {status}")
    try:
        return tuple(str(file["rfilename"]) for file in answer["siblings"])
    except (KeyError, TypeError) as error:
        raise HubUnreachable(f"{_hub()} answers, but not as a hub does") from error


def cached(repository: str, patterns: Sequence[str]) -> Path | None:
    """The folder of a model's files that were fetched before; None where they are not whole. Asks no network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repository, allow_patterns=list(patterns), local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def fetch(repository: str, patterns: Sequence[str], *, force: bool = False) -> Path:
    """Downloads a model's files that match, with `force` those too that are here, and returns their folder.

    Raises HubUnreachable, whose message ends without advice.
    """
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    bound_waits()
    disable_progress_bars()
    try:
        return Path(snapshot_download(repository, allow_patterns=list(patterns), force_download=force))
    except (OSError, ValueError, RuntimeError, httpx2.HTTPError) as error:
        raise HubUnreachable(f"{_hub()} broke off") from error


@cache
def bound_waits() -> None:
    """Bounds the waits of huggingface_hub's requests, and of what uses it: its own retries take 6 minutes."""
    import httpx2
    from huggingface_hub import constants, set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    class Impatient(httpx2.Client):
        failures = 0

        def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            timeouts = request.extensions.get("timeout", {})
            shortest = {name: min(timeouts.get(name) or LONGEST_SILENCE, LONGEST_SILENCE) for name in WAITS}
            request.extensions["timeout"] = shortest
            try:
                response = super().send(request, **options)
            except httpx2.TransportError as error:
                self.failures += 1
                if self.failures >= TRIES:
                    raise HubUnreachable(f"{_hub()} broke off") from error
                raise
            self.failures = 0
            return response

    constants.HF_HUB_DISABLE_XET = True  # it has waits of its own, out of our reach
    constants.HF_HUB_DISABLE_TELEMETRY = True
    set_client_factory(lambda: Impatient(event_hooks=default_client_factory().event_hooks, follow_redirects=True))


def _hub(address: str | None = None) -> str:
    return f"the Hugging Face hub at {address or endpoint()}"


def _get(path: str, address: str | None = None) -> tuple[int, Any]:
    """Status and JSON document of an answer; the document is None where there is none."""
    import httpx2
    from huggingface_hub import get_session, get_token
    from huggingface_hub.errors import OfflineModeIsEnabled

    bound_waits()

    def ask() -> tuple[int, Any]:
        token = None if address else get_token()
        headers = {"authorization": f"Bearer {token}"} if token else {}
        response = get_session().get((address or endpoint()) + path, headers=headers, timeout=PATIENCE)
        return response.status_code, response.json() if response.status_code == 200 else None

    try:
        return _within(PATIENCE, ask)
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise HubUnreachable(f"{_hub(address)} gave no answer within {PATIENCE:g} seconds") from error
    except OfflineModeIsEnabled as error:
        raise HubUnreachable(f"{_hub(address)} is switched off by HF_HUB_OFFLINE") from error
    except ValueError as error:
        raise HubUnreachable(f"{_hub(address)} answers, but not as a hub does") from error
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise HubUnreachable(f"{_hub(address)} can't be reached") from error


def _within(seconds: float, ask: Callable[[], T]) -> T:
    """Returns or raises what `ask` does; TimeoutError when it takes longer, as looking up a name may."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(ask())
        except Exception as error:  # noqa: BLE001 (raised again in the waiting thread)
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return future.result(seconds)
