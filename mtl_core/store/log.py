"""log.txt in a run's folder: what happened when, for people to read."""

from __future__ import annotations

from datetime import datetime

from mtl_core.store.run_folder import RunFolder


def write(folder: RunFolder, text: str) -> None:
    """Appends a line with the time; further lines of `text` follow as they are. Never makes the folder."""
    with folder.log.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {text.rstrip()}\n")
