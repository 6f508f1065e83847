"""What stands in forms that somebody has open, a small file each, so that a refreshed browser finds it again."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtl_core.disk import whole
from mtl_core.disk.json_text import parsed
from mtl_core.store.workspace import Workspace

MOST = 30
"""Files kept of each kind of form; the oldest go first."""
FORM_ID = re.compile(r"[0-9a-f]{10}")


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form's values as they were last kept: those that differ from the form's defaults."""

    id: str
    values: Mapping[str, Any]
    stamp: str
    """New each time that the form is kept: tells whether another tab has written the same form."""
    kept: float
    """When, in seconds since 1970."""


def read(workspace: Workspace, kind: str, form_id: str) -> OpenForm | None:
    """The form of this id; None where there is none, or nothing that can be read."""
    if not FORM_ID.fullmatch(form_id):
        return None
    path = _path(workspace, kind, form_id)
    try:
        document, kept = parsed(path.read_text("utf-8")), path.stat().st_mtime
        return OpenForm(form_id, dict(document["values"]), str(document["stamp"]), kept)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def newest(workspace: Workspace, kind: str) -> OpenForm | None:
    """The form of this kind that was kept last, in whichever tab."""
    for path in _all(workspace, kind):
        found = read(workspace, kind, path.stem.removeprefix(f"{kind}-"))
        if found:
            return found
    return None


def keep(workspace: Workspace, kind: str, form_id: str, values: Mapping[str, Any], stamp: str) -> OpenForm:
    """Keeps the values. `stamp` is the one last seen: where another tab has written since, or where there is
    no id yet, the form gets an id of its own. Raises OSError."""
    there = read(workspace, kind, form_id)
    if not FORM_ID.fullmatch(form_id) or (there is not None and there.stamp != stamp):
        form_id = secrets.token_hex(5)
    path, stamp = _path(workspace, kind, form_id), secrets.token_hex(5)
    whole.write_text(path, json.dumps({"values": dict(values), "stamp": stamp}))
    for old in _all(workspace, kind)[MOST:]:
        old.unlink(missing_ok=True)
    return OpenForm(form_id, dict(values), stamp, path.stat().st_mtime)


def _path(workspace: Workspace, kind: str, form_id: str) -> Path:
    return workspace.forms / f"{kind}-{form_id}.json"


def _all(workspace: Workspace, kind: str) -> list[Path]:
    """Files of a kind, the newest first."""
    found = []
    for path in workspace.forms.glob(f"{kind}-*.json"):
        try:
            found.append((path.stat().st_mtime_ns, path))
        except OSError:  # another tab has just removed it
            continue
    return [path for _, path in sorted(found, reverse=True)]
