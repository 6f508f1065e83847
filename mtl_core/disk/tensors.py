"""A part of a safetensors file as a file of its own, copied byte by byte: neither torch nor much memory is needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from mtl_core.disk import whole

CHUNK = 1 << 24
ALIGNED = 8
"""The header of a safetensors file ends at a multiple of so many bytes."""


def take_out(source: Path, part: str, target: Path, *, named: bool = True) -> bool:
    """Writes the tensors of `source` whose names begin with "PART." to `target`; False where none does.

    Without that beginning unless they stay `named` so. What is stored beside the tensors is kept. Raises OSError, and
    ValueError for what is no such file.
    """
    with source.open("rb") as file:
        header, begin = _header(file)
        beside = header.pop("__metadata__", {})
        mine = {name: about for name, about in header.items() if name.startswith(f"{part}.")}
        if not mine:
            return False
        ordered = sorted(mine, key=lambda name: mine[name]["data_offsets"][0])
        made, end = dict[str, Any](), 0
        for name in ordered:
            first, last = mine[name]["data_offsets"]
            kept = name if named else name.removeprefix(f"{part}.")
            made[kept] = {**mine[name], "data_offsets": [end, end + last - first]}
            end += last - first
        with whole.replacing(target, sync=True) as draft, draft.open("wb") as out:
            text = json.dumps({"__metadata__": beside, **made}).encode()
            text += b" " * (-len(text) % ALIGNED)
            out.write(len(text).to_bytes(8, "little") + text)
            for name in ordered:
                first, last = mine[name]["data_offsets"]
                _copy(file, begin + first, last - first, out)
    return True


def _header(file: IO[bytes]) -> tuple[dict[str, Any], int]:
    """The header, and the place in the file where the tensors begin."""
    length = int.from_bytes(file.read(8), "little")
    text = file.read(length)
    if len(text) != length:
        raise ValueError("the file is cut off")
    header: dict[str, Any] = json.loads(text)
    return header, 8 + length


def _copy(file: IO[bytes], begin: int, count: int, out: IO[bytes]) -> None:
    file.seek(begin)
    while count:
        chunk = file.read(min(CHUNK, count))
        if not chunk:
            raise ValueError("the file is cut off")
        out.write(chunk)
        count -= len(chunk)
