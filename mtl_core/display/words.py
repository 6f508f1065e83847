"""Words that the pages, the exports and the terminal have in common."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.config.run import GENERATED, RunConfig
from mtl_core.config.settings import encoder_name

__all__ = [
    "GENERATED",
    "capital",
    "clusters_text",
    "encoder_name",
    "examples_text",
    "ordinal",
    "plural",
    "sources_text",
]
SOURCES = {"sample": GENERATED, "own": "own data"}
"""Sources whose name is not the word for people."""


def ordinal(number: int) -> str:
    """A place in a queue: "1st", "2nd", "3rd", "11th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def plural(noun: str) -> str:
    """A unit in the plural: "articles", "premises", "studies"."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def examples_text(count: int, clusters: Mapping[str, int], what: str = "examples") -> str:
    """A number of examples and of the clusters they are in, by unit: "2,000 examples in 48 articles"."""
    return f"{count:,} {what}{clusters_text(clusters)}"


def clusters_text(clusters: Mapping[str, int]) -> str:
    """What follows a number of examples: " in 48 articles and 1,204 paragraphs"; "" where each stands alone."""
    units = [f"{number:,} {plural(name) if number > 1 else name}" for name, number in clusters.items()]
    return f" in {' and '.join(units)}" if units else ""


def sources_text(config: RunConfig) -> str:
    """Where a run's examples come from, task by task where they come from several places."""
    words = {task: SOURCES.get(config.place_of(task)[0], config.place_of(task)[0]) for task in config.tasks}
    if len(set(words.values())) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{task} {text}" for task, text in words.items())


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
