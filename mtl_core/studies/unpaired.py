"""The reason why a seed that has results is left out of a comparison: its partner has none."""

from __future__ import annotations

UNPAIRED_BEFORE = "finished, but not in the other arm"
"""How reports of earlier versions say it."""


def unpaired(other: str) -> str:
    """The reason in words; `other` is the condition that has no result with this seed."""
    return f"finished, but '{other}' has no finished run with this seed to compare it with"
