"""sqlite_utils without pandas."""

from __future__ import annotations

import importlib
import sys


def load() -> None:
    """Loads sqlite_utils without pandas, which it takes along where it is installed, for the name of a column's type.

    For commands that only list: pandas is half of the time that they take to start.
    """
    if "pandas" in sys.modules or "sqlite_utils" in sys.modules:
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        importlib.import_module("sqlite_utils")
    finally:
        del sys.modules["pandas"]
