"""What the pages, the exports and the terminal call things alike."""

from __future__ import annotations

GENERATED = "generated sample"
"""Stands beside every number that comes from it."""


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
