"""Packed files are read in parts, and never to more than a file of texts unpacks to."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest

from mtl_core.data import dialect, guess, packings, tables
from mtl_core.errors import DataError

TABLE = b"text,label\n" + b"".join(b"row %d,%s\n" % (n, b"ab"[n % 2 : n % 2 + 1]) for n in range(1000))


@pytest.mark.parametrize(("ending", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
def test_what_was_packed_comes_out(tmp_path: Path, ending: str, pack: type[bytes]) -> None:
    path = tmp_path / f"a.csv{ending}"
    path.write_bytes(pack(TABLE))
    assert packings.unpacked(path, "a") == TABLE
    with packings.opened(path, "a") as file:
        assert [file.readline(), file.read(5)] == [b"text,label\n", b"row 0"]
    assert sum(1 for _ in tables.rows(path, "a", dialect.guessed(path, {}))) == 1000


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_too_much_is_refused_also_row_by_row(
    tmp_path: Path, ending: str, pack: type[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packings, "FREE", packings.MIB)
    path = tmp_path / f"bomb.csv{ending}"
    path.write_bytes(pack(b"text,label\n" + (b"a" * 99 + b",b\n") * 300_000))
    said = f"a: {path.stat().st_size:,} bytes unpack to more than "
    with pytest.raises(DataError) as caught:
        packings.unpacked(path, "a")
    assert str(caught.value).startswith(said)
    with pytest.raises(DataError) as caught:
        list(tables.rows(path, "a", tables.Reading("table")))
    assert str(caught.value).startswith(said)
    with pytest.raises(DataError, match="unpack to more than"):  # before any row is read
        guess.of_files(path)
    assert str(caught.value).endswith(
        " MiB, which no file of texts does. If it is what you want, unpack it first and give the plain file."
    )
