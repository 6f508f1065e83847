"""Premise and hypothesis about the facts and opinions of the world, with their label."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from tests.data.generator import pairs_of_deeds, pairs_of_facts, pairs_of_opinions, pairs_of_visits
from tests.data.generator.teller import Pair, Teller
from tests.data.generator.world import World

LABELS = ("entailment", "neutral", "contradiction")

WEIGHTS: dict[Callable[[Teller, str], Pair], int] = {
    pairs_of_visits.visit: 16,
    pairs_of_opinions.one_opinion: 5,
    pairs_of_opinions.two_opinions: 2,
    pairs_of_opinions.two_people: 1,
    pairs_of_opinions.deed: 3,
    pairs_of_facts.attribute: 3,
    pairs_of_facts.which_one: 1,
    pairs_of_facts.comparison: 1,
    pairs_of_deeds.outcome: 4,
    pairs_of_deeds.change: 2,
    pairs_of_deeds.transfer: 1,
    pairs_of_deeds.company: 1,
}
FORMS = tuple(form for form, weight in WEIGHTS.items() for _ in range(weight))


def rows(world: World, count: int) -> Iterator[tuple[Pair, str]]:
    """Pairs with their label, a third of each, none twice."""
    rng, seen = Random(f"pairs {world.split}"), set[Pair]()
    teller = Teller(rng, world)
    labels = [LABELS[number % len(LABELS)] for number in range(count)]
    rng.shuffle(labels)
    for label in labels:
        form = rng.choice(FORMS)
        pair = form(teller, label)
        while pair in seen or pair[0] == pair[1]:
            pair = form(teller, label)
        seen.add(pair)
        yield pair, label
