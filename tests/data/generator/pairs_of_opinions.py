"""Pairs of texts about who liked what."""

from __future__ import annotations

from tests.data.generator.aspects import Aspect
from tests.data.generator.conduct import FOND, MILD, conduct
from tests.data.generator.grammar import lines, sentence
from tests.data.generator.teller import Pair, Teller
from tests.data.generator.world import Opinion, Person, at_or_of

SAID = lines("""
    {0} said that {1}
    {0} thought that {1}
    {0} found that {1}
    {0} wrote that {1}
    in {0}'s opinion {1}
    according to {0}, {1}
""")


def one_opinion(teller: Teller, label: str) -> Pair:
    """One person on one aspect; then the same, the opposite, or something about another aspect or person."""
    opinion = teller.opinion()
    who, of, aspect = opinion.person.full, at_or_of(opinion.thing), opinion.aspect
    premise = f"{who} {teller.rng.choice(FOND[opinion.positive])} {aspect.noun} {of}"
    if teller.rng.random() < 0.7:
        said = teller.voice.predicate(aspect, opinion.positive, past=True, personal=False)
        premise = teller.rng.choice(SAID).format(who, f"{aspect.noun} {of} {said}")
    return sentence(premise), sentence(_hypothesis(teller, [opinion], opinion, label))


def two_opinions(teller: Teller, label: str) -> Pair:
    """One person on two aspects, the second often against the first."""
    first, second = held = teller.opinions_of_one()
    person, thing = first.person, first.thing
    joint = ", and" if first.positive == second.positive else teller.rng.choice((", but", ", yet", "; even so,"))
    if teller.rng.random() < 0.5:
        one, two = (f"{teller.rng.choice(FOND[o.positive])} {o.aspect.noun}" for o in held)
        premise = f"{person.full} {one} {at_or_of(thing)}{joint} {person.pronoun} {two}"
    else:
        one, two = (teller.voice.clause(o.aspect, o.positive, past=True, personal=False) for o in held)
        verb = teller.rng.choice((thing.kind.used, "wrote about"))
        premise = f"{person.full} {verb} {thing.name}: {one}{joint} {two}"
    return sentence(premise), sentence(_hypothesis(teller, held, teller.rng.choice(held), label))


def two_people(teller: Teller, label: str) -> Pair:
    """Two people on one thing; who thought what?"""
    first, second = held = teller.opinions_of_two()
    one, two = (f"{o.person.full} {teller.rng.choice(FOND[o.positive])} {o.aspect.noun}" for o in held)
    premise = f"{one} {at_or_of(first.thing)}{teller.rng.choice((', while', ';', ', and'))} {two}"
    return sentence(premise), sentence(_hypothesis(teller, held, teller.rng.choice((first, second)), label))


def deed(teller: Teller, label: str) -> Pair:
    """What someone did tells what they thought of the whole."""
    rng, opinion = teller.rng, teller.opinion()
    person, thing = opinion.person, opinion.thing
    premise = f"{person.full} {thing.kind.used} {thing.name} and {rng.choice(conduct(thing.kind, opinion.positive))}"
    liked = opinion.positive != (label == "contradiction")
    who = (teller.someone(person) if label == "neutral" else person).full
    flips = rng.random() < 0.3
    word = rng.choice(teller.voice.mild_words(liked != flips))
    forms = (
        f"{who} {rng.choice(MILD[liked])} {thing.name}",
        f"{who} thought that {thing.name} was {'not ' * flips}{word}",
    )
    return sentence(premise), sentence(rng.choice(forms))


def _hypothesis(teller: Teller, held: list[Opinion], asked: Opinion, label: str) -> str:
    """The opinion asked for, turned round for a contradiction, about someone or something unsaid for neutral."""
    rng, positive = teller.rng, asked.positive != (label == "contradiction")
    person, aspect = _unsaid(teller, held, asked) if label == "neutral" else (asked.person, asked.aspect)
    of = at_or_of(asked.thing)
    if rng.random() < 0.6:
        return f"{person.full} {rng.choice(MILD[positive])} {aspect.noun} {of}"
    said = teller.voice.mild_predicate(aspect, positive)
    return rng.choice(SAID).format(person.full, f"{aspect.noun} {of} {said}")


def _unsaid(teller: Teller, held: list[Opinion], asked: Opinion) -> tuple[Person, Aspect]:
    """Someone and an aspect on which nothing was said: crossed over, a stranger, or a new aspect."""
    others = [other.person for other in held if other.person is not asked.person and other.aspect is not asked.aspect]
    if others and teller.rng.random() < 0.6:
        return others[0], asked.aspect
    if teller.rng.random() < 0.5:
        return teller.someone(*(opinion.person for opinion in held)), asked.aspect
    said = [opinion.aspect for opinion in held]
    return asked.person, teller.rng.choice([aspect for aspect in asked.thing.kind.aspects if aspect not in said])
