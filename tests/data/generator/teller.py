"""Who tells of the world: one source of chance, and the choices that several kinds of pairs need."""

from __future__ import annotations

from random import Random

from tests.data.generator.kinds_of_things import Sort
from tests.data.generator.opinions import Voice
from tests.data.generator.world import Opinion, Person, Thing, World

Pair = tuple[str, str]
"""Premise and hypothesis."""


class Teller:
    """Chooses people, things and opinions of one world."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng = rng
        self.world = world
        self.voice = Voice(rng, world.split)

    def thing(self, sort: Sort | None = None) -> Thing:
        """Any thing, or any of one sort."""
        while True:
            thing = self.rng.choice(self.world.things)
            if sort is None or thing.kind.sort is sort:
                return thing

    def another(self, *things: Thing) -> Thing:
        """Another thing of the first one's kind."""
        kind = things[0].kind
        return self.rng.choice([thing for thing in self.world.things if thing.kind is kind and thing not in things])

    def someone(self, *but: Person) -> Person:
        """Anyone else."""
        while True:
            person = self.rng.choice(self.world.people)
            if person not in but:
                return person

    def people(self, count: int) -> list[Person]:
        """So many different people."""
        return self.rng.sample(self.world.people, count)

    def opinion(self) -> Opinion:
        """Any opinion that someone has."""
        return self.rng.choice(self.world.opinions[self.thing()])

    def opinions_of_one(self) -> list[Opinion]:
        """What one person thinks of two aspects of a thing."""
        held = self.world.opinions[self.thing()]
        first = self.rng.choice(held)
        second = next(other for other in held if other.person is first.person and other is not first)
        return [first, second]

    def opinions_of_two(self) -> list[Opinion]:
        """What two people think of a thing."""
        held = self.world.opinions[self.thing()]
        first = self.rng.choice(held)
        second = self.rng.choice([other for other in held if other.person is not first.person])
        return [first, second]
