"""Writes the generated sample's files again: `python -m tests.data.generator`."""

from __future__ import annotations

import lzma
from pathlib import Path

from mtl_core.data.sample import SAMPLE
from tests.data.generator import files


def write(folder: Path) -> None:
    """All files, packed, below `folder`: the same bytes from the same version of xz."""
    for name, content in files().items():
        path = folder / f"{name}.xz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lzma.compress(content, preset=6 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    write(SAMPLE)
