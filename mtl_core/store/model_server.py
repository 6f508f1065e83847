"""The published address of the model server."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mtl_core.disk import whole
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Address:
    """The port on which the model server listens, and the token that it wants."""

    port: int
    token: str
    pid: int


def address_file(workspace: Workspace) -> Path:
    """The file with the published address; readable by its owner alone."""
    return workspace.cache / "model_server.json"


def publish(workspace: Workspace, address: Address) -> None:
    """Writes the address where the pages look for it, readable by its owner alone from the first byte."""
    with whole.replacing(address_file(workspace)) as draft:
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(json.dumps(asdict(address)), "utf-8")


def find(workspace: Workspace) -> Address | None:
    """The published address, None where no server has published one."""
    try:
        return Address(**json.loads(address_file(workspace).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget(workspace: Workspace, pid: int) -> None:
    """Takes back the address that the process `pid` published, if it still stands."""
    address = find(workspace)
    if address and address.pid == pid:
        address_file(workspace).unlink(missing_ok=True)
