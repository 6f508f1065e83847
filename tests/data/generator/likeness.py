"""Pairs of sentences about who liked what, and how alike they are, from 0 to 5."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.data.generator.conduct import FOND
from tests.data.generator.grammar import sentence
from tests.data.generator.pairs_of_opinions import SAID
from tests.data.generator.teller import Pair, Teller
from tests.data.generator.world import Opinion, World, at_or_of

SAME, OTHER_PERSON, OTHER_ASPECT, OTHER_SIDE, OTHER_THING, NOTHING = 5, 4, 3, 2, 1, 0


def rows(world: World, count: int) -> Iterator[tuple[Pair, int]]:
    """Pairs with their likeness, each of the six equally often, none twice."""
    rng, seen = Random(f"likeness {world.split}"), set[Pair]()
    teller = Teller(rng, world)
    wanted = [number % 6 for number in range(count)]
    rng.shuffle(wanted)
    for likeness in wanted:
        pair = _pair(teller, likeness)
        while pair in seen or pair[0] == pair[1]:
            pair = _pair(teller, likeness)
        seen.add(pair)
        yield pair, likeness


def _pair(teller: Teller, likeness: int) -> Pair:
    first = teller.opinion()
    return _told(teller, first), _told(teller, _other(teller, first, likeness))


def _other(teller: Teller, first: Opinion, likeness: int) -> Opinion:
    """What the second sentence says: the further from the first the less is the same."""
    person = first.person if likeness in (SAME, OTHER_ASPECT) else teller.someone(first.person)
    thing, positive = first.thing, first.positive != (likeness == OTHER_SIDE)
    aspect = first.aspect
    if likeness == OTHER_ASPECT:
        aspect = teller.rng.choice([one for one in thing.kind.aspects if one is not aspect])
    if likeness == OTHER_THING:
        thing = teller.another(thing)
    while likeness == NOTHING and thing.kind.sort is first.thing.kind.sort:
        thing = teller.thing()
    if likeness in (OTHER_THING, NOTHING):
        aspect = teller.rng.choice([one for one in thing.kind.aspects if one is not aspect])
    return Opinion(person, thing, aspect, positive)


def _told(teller: Teller, opinion: Opinion) -> str:
    who, of, aspect = opinion.person.full, at_or_of(opinion.thing), opinion.aspect
    if teller.rng.random() < 0.5:
        return sentence(f"{who} {teller.rng.choice(FOND[opinion.positive])} {aspect.noun} {of}")
    said = teller.voice.predicate(aspect, opinion.positive, past=True, personal=False)
    return sentence(teller.rng.choice(SAID).format(who, f"{aspect.noun} {of} {said}"))
