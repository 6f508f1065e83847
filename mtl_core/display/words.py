"""What the pages, the exports and the terminal call things alike."""

from __future__ import annotations

from mtl_core.display.scores import title as metric_title

__all__ = ["GENERATED", "capital", "metric_title"]

GENERATED = "generated sample"
"""Stands beside every number that comes from it."""


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
