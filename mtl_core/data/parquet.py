"""Rows of a Parquet file, column by column, so that a value that can't be read is told by its column and row."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mtl_core.data.packings import MIB, MOST
from mtl_core.errors import DataError

if TYPE_CHECKING:
    import pyarrow

AT_ONCE = 4096
"""Rows that are unpacked together: a page of one word may stand for millions of rows."""


def read(data: bytes, name: str) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """The rows, and the names of numbered classes by column. Raises DataError, which calls the file `name`."""
    table = _table(data, name)
    twice = [column for column, count in Counter(table.column_names).items() if count > 1]
    if twice:
        raise DataError(f"{name}: two columns are called '{twice[0]}'. Give each column a name of its own.")
    columns = {column: _values(table[column], column, name) for column in table.column_names}
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return rows, _class_names(table.schema.metadata or {})


def _table(data: bytes, name: str) -> pyarrow.Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        batches, size = [], 0
        for batch in file.iter_batches(AT_ONCE):
            batches.append(batch)
            size += batch.nbytes
            if size > MOST:
                raise DataError(
                    f"{name}: {len(data):,} bytes unpack to more than {MOST // MIB:,} MiB. Give a smaller file."
                )
        return pyarrow.Table.from_batches(batches, file.schema_arrow)
    except (pyarrow.ArrowException, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(f"{name}: the file is not a complete Parquet file ({reason}). Download it again.") from error


def _values(column: pyarrow.ChunkedArray, title: str, name: str) -> list[Any]:
    """A column's values. Text that is not UTF-8, dates beyond the calendar and unknown time zones can't be read."""
    import pyarrow

    unreadable = (pyarrow.ArrowException, ValueError, OverflowError, LookupError, OSError)
    try:
        values: list[Any] = column.to_pylist()
        return _as_text(values, title, name) if "binary" in str(column.type) else values
    except unreadable as error:
        reason, row = (str(error).splitlines() or [type(error).__name__])[0], 1
        for row, one in enumerate(column, 1):  # noqa: B007 (the row is what is asked for)
            try:
                one.as_py()
            except unreadable:
                break
        raise DataError(
            f"{name}, row {row:,}: the value of '{title}' can't be read ({reason}). "
            "Correct it, or leave the column out."
        ) from error


def _as_text(values: list[Any], title: str, name: str) -> list[Any]:
    """Bytes as the UTF-8 that they hold. Raises DataError with the row where they hold none."""
    found = []
    for row, value in enumerate(values, 1):
        try:
            found.append(_decoded(value))
        except UnicodeDecodeError as error:
            raise DataError(
                f"{name}, row {row:,}: the value of '{title}' is bytes that are not UTF-8 text ({error.reason}). "
                "Save the column as text, or leave it out."
            ) from error
    return found


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(one) for one in value]
    if isinstance(value, dict):
        return {key: _decoded(one) for key, one in value.items()}
    return value.decode() if isinstance(value, bytes) else value


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    """Names of classes by column, or of those in its lists, as `datasets` writes them into a Parquet file's schema."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
        inner = {column: feature.get("feature", feature) for column, feature in features.items()}
        return {column: list(feature["names"]) for column, feature in inner.items() if "names" in feature}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # no schema of theirs: labels are numbered as the task has them
