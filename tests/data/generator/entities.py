"""Sentences whose words say which of them name people, towns, places and works or products."""

from __future__ import annotations

from collections.abc import Iterator, Set
from random import Random
from string import Formatter

from tests.data.generator.conduct import FOND, conduct
from tests.data.generator.grammar import capital, lines
from tests.data.generator.kinds_of_things import PLACE, PRODUCT
from tests.data.generator.teller import Teller
from tests.data.generator.world import Thing, World

Tagged = list[tuple[str, str]]
"""Words and their tags."""

PATTERNS = lines("""
    {person} {fond} {aspect} of {thing} .
    {person} of {town} {did} .
    In {town} , {person} {fond} {thing} .
    {thing} was {made_by} by {person} in {year} .
    {person} , who lives in {town} , knows {thing} well .
    {aspect} of {thing} , said {person} , was better than that of {other} .
    Nobody in {town} had heard of {person} or of {thing} .
    From {town} to {town2} , people speak of {other} .
    {person} and {person2} {fond} {thing} .
    {person} 's favourite is {other} ; {person2} prefers {thing} .
    {town} : {thing} opens again in {year} .
    It {fell} all day , and nothing else was new .
    Neither {thing} nor {other} is from {town} .
""")


def rows(world: World, count: int, taken: Set[str] = frozenset()) -> Iterator[Tagged]:
    """Sentences, none twice, and none of those that are `taken`."""
    teller, seen = Teller(Random(f"entities {world.split}"), world), set[str]()
    while len(seen) < count:
        tagged = _sentence(teller)
        text = text_of(tagged)
        if text not in seen and text not in taken:
            seen.add(text)
            yield tagged


def text_of(tagged: Tagged) -> str:
    """The words with a blank between two."""
    return " ".join(word for word, _ in tagged)


def _sentence(teller: Teller) -> Tagged:
    rng, slots = teller.rng, _slots(teller)
    tagged: Tagged = []
    for literal, name, _, _ in Formatter().parse(rng.choice(PATTERNS)):
        tagged += [(word, "O") for word in literal.split()]
        tagged += slots[name] if name else []
    first, tag = tagged[0]
    return [(capital(first), tag), *tagged[1:]]


def _slots(teller: Teller) -> dict[str, Tagged]:
    rng, thing = teller.rng, teller.thing()
    people, positive = teller.people(2), rng.random() < 0.5
    towns = rng.sample(teller.world.towns, 2)
    day = f"{rng.choice(('Monday', 'Tuesday', 'Friday', 'spring', 'autumn'))} {rng.randrange(1, 60)} times"
    return {
        "person": _named(people[0].full if rng.random() < 0.7 else people[0].surname, "PER"),
        "person2": _named(people[1].full, "PER"),
        "town": _named(towns[0], "LOC"),
        "town2": _named(towns[1], "LOC"),
        "thing": _thing(thing),
        "other": _thing(teller.another(thing)),
        "aspect": _plain(rng.choice(thing.kind.aspects).noun),
        "made_by": _plain(thing.kind.made_by),
        "fond": _plain(rng.choice(FOND[positive])),
        "did": _plain(rng.choice(conduct(thing.kind, positive))),
        "fell": _plain(f"{rng.choice(('rained', 'snowed', 'dripped', 'poured'))} on {day}"),
        "year": _plain(str(thing.year)),
    }


def _thing(thing: Thing) -> Tagged:
    """A place is an organisation, a product's brand stands for its maker, a work is neither."""
    article, *words = thing.name.split()
    if thing.kind.sort is PLACE:
        return [(article, "O"), *_named(" ".join(words), "ORG")]
    if thing.kind.sort is PRODUCT:
        return [(article, "O"), *_named(words[0], "ORG"), *_plain(" ".join(words[1:]))]
    return _named(thing.name, "MISC")


def _named(text: str, kind: str) -> Tagged:
    """Words of one entity: B- on its first one, I- on the others."""
    return [(word, f"{'I' if place else 'B'}-{kind}") for place, word in enumerate(text.split())]


def _plain(text: str) -> Tagged:
    return [(word, "O") for word in text.split()]
