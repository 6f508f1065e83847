"""The choices table of the index: what people have chosen for the workspace as a whole, such as to hide the example."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

EXAMPLE_HIDDEN = "example_hidden"
"""True once somebody has taken the example away; False once it was brought back."""
DISMISSED_TRY = "dismissed_try"
"""The launch of the "Try it now" that somebody has put away last."""


def get(index: Database, name: str, default: Any = None) -> Any:
    """A choice, `default` where nobody has made it."""
    row = index.execute("SELECT value FROM choices WHERE name = ?", [name]).fetchone()
    return json.loads(row[0]) if row else default


def keep(index: Database, name: str, value: Any) -> None:
    """Keeps a choice in the place of the one before."""
    index.table("choices").upsert({"name": name, "value": json.dumps(value)}, pk="name")
