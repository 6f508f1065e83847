"""Numbers as short text, without loss: deflated bytes in base64, as browsers can unpack them by themselves.

Forms: `table`, a byte a number that is its place in a list of at most 256 different values (scores are mostly 0 and 1);
`u4`, whole numbers below 2**32; `f8`, all others.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST = 256
"""Different values that a table may have."""
MOST_NUMBERS = 10_000_000
"""More than any dev set has: what claims to unpack to more is refused."""
DTYPES = {"table": "u1", "u4": "<u4", "f8": "<f8"}


def packed(values: ArrayLike) -> dict[str, Any]:
    """Numbers (n,) as a JSON object."""
    numbers = np.asarray(values, dtype=np.float64)
    different, places = np.unique(numbers, return_inverse=True)
    if different.size <= MOST:
        return {"form": "table", "table": different.tolist(), "bytes": _deflated(places.astype("u1"))}
    whole = bool((numbers == np.floor(numbers)).all()) and numbers.min() >= 0 and numbers.max() < 2**32
    form = "u4" if whole else "f8"
    return {"form": form, "bytes": _deflated(numbers.astype(DTYPES[form]))}


def unpacked(found: dict[str, Any], count: int) -> NDArray[np.float64]:
    """So many numbers. Raises ValueError for what is not packed numbers, or another number of them."""
    if not 0 <= count <= MOST_NUMBERS or found["form"] not in DTYPES:
        raise ValueError("these are not packed numbers")
    dtype = np.dtype(DTYPES[found["form"]])
    numbers = np.frombuffer(_inflated(str(found["bytes"]), count * dtype.itemsize), dtype)
    if found["form"] == "table":
        table: NDArray[np.float64] = np.asarray(found["table"], dtype=np.float64)
        if numbers.size and numbers.max() >= table.size:
            raise ValueError("a number is not in its table")
        return np.asarray(table[numbers], dtype=np.float64)
    return numbers.astype(np.float64)


def _deflated(numbers: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes(), 9)).decode()


def _inflated(text: str, size: int) -> bytes:
    try:
        found = zlib.decompressobj()
        content = found.decompress(base64.b64decode(text, validate=True), size + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"packed numbers can't be unpacked ({error})") from error
    if len(content) != size or not found.eof:
        raise ValueError("there are more or fewer packed numbers than there should be")
    return content
