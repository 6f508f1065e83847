"""The small world that all three sets of examples speak of: people, things, facts and opinions."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.data.generator.aspects import Aspect
from tests.data.generator.kinds_of_things import KINDS, PLACE, PRODUCT, Kind
from tests.data.generator.names import DEV, TRAIN, Names

SEED = 20261


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Someone who makes, buys, visits and judges things."""

    name: str
    surname: str
    she: bool

    @property
    def full(self) -> str:
        """First name and surname."""
        return f"{self.name} {self.surname}"

    @property
    def pronoun(self) -> str:
        """As a subject."""
        return "she" if self.she else "he"


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A work, a place or a product, with what is true of it."""

    name: str
    """As it stands inside a sentence: "the Tarn kettle"."""
    kind: Kind
    maker: Person
    year: int
    """In which it appeared."""
    town: str
    feature: str
    """Material, setting or former building."""
    feature_class: str
    price: int
    """In crowns, for products and tickets alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What a person thinks of one aspect of a thing."""

    person: Person
    thing: Thing
    aspect: Aspect
    positive: bool


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything of one split."""

    split: str
    towns: tuple[str, ...]
    people: tuple[Person, ...]
    things: tuple[Thing, ...]
    opinions: dict[Thing, tuple[Opinion, ...]]
    """Six a thing: three people on two aspects each."""


def at_or_of(thing: Thing) -> str:
    """Where an aspect is found: "at the Blue Heron café", "of the Tarn kettle"."""
    return f"{'at' if thing.kind.sort is PLACE else 'of'} {thing.name}"


def make(split: str) -> World:
    """The world of "train" or "dev": the same at every call, and no name in both."""
    rng = Random(f"{SEED} world {split}")
    names = TRAIN if split == "train" else DEV
    people = _people(rng, names)
    things = tuple(_thing(rng, names, people, name, kind) for name, kind in _named(rng, names))
    return World(split, names.towns, people, things, {thing: _opinions(rng, thing, people) for thing in things})


def _people(rng: Random, names: Names) -> tuple[Person, ...]:
    surnames = list(names.surnames)
    rng.shuffle(surnames)
    firsts = [(name, True) for name in names.women] + [(name, False) for name in names.men]
    return tuple(Person(name, surnames[n % len(surnames)], she) for n, (name, she) in enumerate(firsts))


def _named(rng: Random, names: Names) -> list[tuple[str, Kind]]:
    """Every brand once in each kind of product; titles and signs of two words."""
    titles = [f"{colour} {noun}" for colour in names.colours for noun in names.nouns]
    rng.shuffle(titles)
    found = []
    for kind in KINDS:
        for brand in names.brands:
            if kind.sort is PRODUCT:
                found.append((f"the {brand} {kind.noun}", kind))
            else:
                found.append((f"the {titles.pop()}{f' {kind.noun}' if kind.sort is PLACE else ''}", kind))
    return found


def _thing(rng: Random, names: Names, people: tuple[Person, ...], name: str, kind: Kind) -> Thing:
    of_class = rng.choice(kind.classes)
    return Thing(
        name=name if kind.sort in (PLACE, PRODUCT) else name.replace("the ", "The ", 1),
        kind=kind,
        maker=rng.choice(people),
        year=rng.randrange(1924, 2024),
        town=rng.choice(names.towns),
        feature=rng.choice(kind.sort.features[of_class]),
        feature_class=of_class,
        price=rng.randrange(5, 90),
    )


def _opinions(rng: Random, thing: Thing, people: tuple[Person, ...]) -> tuple[Opinion, ...]:
    judges = rng.sample([person for person in people if person is not thing.maker], 3)
    return tuple(
        Opinion(judge, thing, aspect, rng.random() < 0.5)
        for judge in judges
        for aspect in rng.sample(thing.kind.aspects, 2)
    )
