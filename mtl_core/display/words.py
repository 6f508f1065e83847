"""What the pages, the exports and the terminal call things alike."""

from __future__ import annotations

GENERATED = "generated sample"
"""Stands beside every number that comes from it."""


def metric_title(metric: str) -> str:
    """A metric's name as a header: "exact_match" is "exact match", "f1" is "F1"."""
    return {"f1": "F1"}.get(metric, metric.replace("_", " "))


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
