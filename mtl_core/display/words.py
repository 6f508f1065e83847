"""Words that the pages, the exports and the terminal have in common."""

from __future__ import annotations

from mtl_core.config.run import GENERATED

__all__ = ["GENERATED", "capital"]


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
