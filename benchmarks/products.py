"""Trains the whole product sharing × schedule × balancing on two toy tasks, and prints the tables of docs/products.md.

    python benchmarks/products.py

A recipe trains (both losses fall by a tenth, every gradient is a finite number), or is refused before it starts; the
same check as in tests/engine/test_products.py, which tries a part of it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

import torch
from tqdm import tqdm  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mtl_core import registry
from tests.engine.test_products import trained_or_refused

Recipe = tuple[str, str, str]


def main() -> None:
    torch.set_num_threads(1)
    sharings, schedules, balancings = (registry.names(family) for family in ("sharing", "schedules", "balancing"))
    recipes = list(product(sharings, schedules, balancings))
    found = {recipe: _outcome(recipe) for recipe in tqdm(recipes)}
    counts = Counter("trains" if not words else "refused" if words.endswith(".") else words for words in found.values())
    print(f"{len(recipes)} recipes: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    _by_sharing(found, sharings, schedules)
    _reasons(found)


def _outcome(recipe: Recipe) -> str:
    """ "" for one that trains, the reason for one that is refused, else what went wrong."""
    try:
        return str(trained_or_refused(*recipe))
    except AssertionError as error:
        print(recipe, error, file=sys.stderr)
        return "learns too slowly"


def _by_sharing(found: dict[Recipe, str], sharings: tuple[str, ...], schedules: tuple[str, ...]) -> None:
    """How many balancings train with each sharing and schedule."""
    print("\n| sharing | " + " | ".join(schedules) + " |\n|---" + "|---:" * len(schedules) + "|")
    for sharing in sharings:
        cells = []
        for schedule in schedules:
            mine = [words for (s, c, _), words in found.items() if (s, c) == (sharing, schedule)]
            cells.append(f"{sum(not words for words in mine)} of {len(mine)}")
        print(f"| `{sharing}` | " + " | ".join(cells) + " |")


def _reasons(found: dict[Recipe, str]) -> None:
    """Why recipes are refused, one of each sort."""
    sorts: dict[str, list[tuple[Recipe, str]]] = defaultdict(list)
    for recipe, words in found.items():
        for sentence in filter(None, words.split(". Use ")):
            if "compares" in sentence or "weighs" in sentence:
                sorts["compares" if "compares" in sentence else "weighs"].append((recipe, words))
    for examples in sorts.values():
        recipe, words = examples[0]
        print(f"\n{len(examples)} like {' × '.join(recipe)}: {words}")


if __name__ == "__main__":
    main()
