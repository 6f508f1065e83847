"""Causes and effects: what people found of a thing, and what they did then, with a wrong option of the other side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.data.generator.conduct import FOND, conduct
from tests.data.generator.grammar import sentence
from tests.data.generator.teller import Teller
from tests.data.generator.world import Opinion, World, at_or_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A premise, what is asked of it, two options and the place of the right one."""

    premise: str
    question: str
    options: tuple[str, str]
    right: int


def rows(world: World, count: int) -> Iterator[Choice]:
    """Causes and effects in turn, the right option in each place equally often, none twice."""
    rng, seen = Random(f"causes {world.split}"), set[tuple[str, str]]()
    teller = Teller(rng, world)
    places = [number % 2 for number in range(count)]
    rng.shuffle(places)
    for number, right in enumerate(places):
        question = ("cause", "effect")[number // 2 % 2]
        choice = _choice(teller, question, right)
        while (choice.premise, choice.options[right]) in seen:
            choice = _choice(teller, question, right)
        seen.add((choice.premise, choice.options[right]))
        yield choice


def _choice(teller: Teller, question: str, right: int) -> Choice:
    opinion = teller.opinion()
    told, wrong = _found, _did
    if question == "cause":
        told, wrong = _did, _found
    options = [wrong(teller, opinion, positive=opinion.positive), wrong(teller, opinion, positive=not opinion.positive)]
    first, second = options if right == 0 else reversed(options)
    return Choice(told(teller, opinion, positive=opinion.positive), question, (first, second), right)


def _did(teller: Teller, opinion: Opinion, *, positive: bool) -> str:
    """What somebody did about the thing."""
    done = teller.rng.choice(conduct(opinion.thing.kind, positive))
    return sentence(f"{opinion.person.full} came to know {opinion.thing.name} and {done}")


def _found(teller: Teller, opinion: Opinion, *, positive: bool) -> str:
    """What somebody found of it."""
    aspect = f"{opinion.aspect.noun} {at_or_of(opinion.thing)}"
    if teller.rng.random() < 0.5:
        return sentence(f"{opinion.person.full} {teller.rng.choice(FOND[positive])} {aspect}")
    said = teller.voice.predicate(opinion.aspect, positive, past=True, personal=False)
    return sentence(f"{aspect} {said}")
