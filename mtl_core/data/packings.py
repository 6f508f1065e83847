"""The bytes of a file, unpacked where gzip or xz packed it, but never more than a file of texts unpacks to."""

from __future__ import annotations

import gzip
import lzma
import zlib
from pathlib import Path

from mtl_core.errors import DataError

MIB = 2**20
MOST = 1024 * MIB
"""Bytes that a packed file may unpack to. A plain file may be larger: it says so by its own size."""
RATIO, FREE = 100, 64 * MIB
"""Texts become 3 to 10 times as long; up to FREE bytes any file may become longer than RATIO times."""
AT_ONCE = 4 * MIB


def unpacked(path: Path, name: str) -> bytes:
    """The file's content. Raises DataError, which calls the file `name`, where it is cut, broken or unpacks to more
    than it should."""
    try:
        with path.open("rb") as file:
            if path.suffix not in (".gz", ".xz") or not path.stat().st_size:
                return file.read()
            with gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else lzma.LZMAFile(file) as opened:
                return _read(opened, path.stat().st_size, name)
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise DataError(f"{name}: the file can't be unpacked ({error}). Download it again.") from error
    except OSError as error:
        raise DataError(f"{name}: the file can't be read ({error.strerror}).") from error


def _read(opened: gzip.GzipFile | lzma.LZMAFile, packed: int, name: str) -> bytes:
    most = min(MOST, max(FREE, RATIO * packed))
    parts, size = [], 0
    while part := opened.read(AT_ONCE):
        parts.append(part)
        size += len(part)
        if size > most:
            raise DataError(
                f"{name}: {packed:,} bytes unpack to more than {most // MIB:,} MiB, which no file of texts does. "
                "If it is what you want, unpack it first and give the plain file."
            )
    return b"".join(parts)
