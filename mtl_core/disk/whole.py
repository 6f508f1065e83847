"""Files that are there whole or not at all: a crash leaves the old one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, *, sync: bool = False) -> Iterator[Path]:
    """A draft beside `path` that takes its place at the end, and is gone after an error.

    Each writer has a draft of its own. With `sync` the content is on the disk before it counts. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(3)}.draft")
    try:
        yield draft
        if sync:
            with draft.open("rb") as written:
                os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes the whole file, or leaves the old one. Raises OSError."""
    with replacing(path) as draft:
        draft.write_text(text, "utf-8")
