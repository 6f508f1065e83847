"""The bytes of a file, unpacked where gzip or xz packed it, but never more than a file of texts unpacks to."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from mtl_core.errors import DataError

MIB = 2**20
MOST = 1024 * MIB
"""Bytes that a packed file may unpack to. A plain file may be larger: it says so by its own size."""
RATIO, FREE = 100, 64 * MIB
"""Texts become 3 to 10 times as long; up to FREE bytes any file may become longer than RATIO times."""


def unpacked(path: Path, name: str) -> bytes:
    """The file's content. Raises DataError as `opened` does."""
    with opened(path, name) as file:
        return file.read()


@contextmanager
def opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked as they are read. Raises DataError, which calls the file `name`, where it is cut,
    broken or unpacks to more than it should."""
    try:
        with path.open("rb") as file:
            packed = path.stat().st_size
            if path.suffix not in (".gz", ".xz") or not packed:
                yield file
            else:
                with gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else lzma.LZMAFile(file) as inside:
                    yield io.BufferedReader(_Limited(inside, packed, name), MIB)
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise DataError(f"{name}: the file can't be unpacked ({error}). Download it again.") from error
    except OSError as error:
        raise DataError(f"{name}: the file can't be read ({error.strerror}).") from error


def need_unpackable(path: Path, name: str) -> None:
    """Unpacks the file and keeps nothing, so that one which is broken, or becomes too much, is told before it is read.
    Raises DataError as `opened` does."""
    if path.suffix in (".gz", ".xz"):
        with opened(path, name) as file:
            while file.read(MIB):
                pass


class _Limited(io.RawIOBase):
    """What comes out of a packed file, counted."""

    def __init__(self, inside: gzip.GzipFile | lzma.LZMAFile, packed: int, name: str) -> None:
        self._inside, self._packed, self._name = inside, packed, name
        self._left = self._most = min(MOST, max(FREE, RATIO * packed))

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises DataError once it has become too much."""
        part = self._inside.read(len(buffer))
        buffer[: len(part)] = part
        self._left -= len(part)
        if self._left < 0:
            raise DataError(
                f"{self._name}: {self._packed:,} bytes unpack to more than {self._most // MIB:,} MiB, which no file of "
                "texts does. If it is what you want, unpack it first and give the plain file."
            )
        return len(part)
