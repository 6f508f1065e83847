"""Pairs of texts about who made what, when, where and of what, and about which is the older."""

from __future__ import annotations

from tests.data.generator import facts
from tests.data.generator.grammar import sentence
from tests.data.generator.kinds_of_things import PLACE
from tests.data.generator.teller import Pair, Teller

SCALES = (
    ("is older than", "is not as new as", "is newer than", "is not as old as"),
    ("is more expensive than", "is not as cheap as", "is cheaper than", "is not as expensive as"),
    ("is better known than", "is not as obscure as", "is less well known than", "is not as famous as"),
    (
        "has won more prizes than",
        "has won a greater number of prizes than",
        "has won fewer prizes than",
        "has not won as many prizes as",
    ),
)
"""Two ways to say more, two ways to say less."""
DIRECTIONS = (
    ("lies north of", "is farther north than", "lies south of", "is farther south than"),
    ("lies east of", "is farther east than", "lies west of", "is farther west than"),
)


def attribute(teller: Teller, label: str) -> Pair:
    """Two facts about a thing; the hypothesis speaks of one of them, or of a third."""
    rng, thing = teller.rng, teller.thing()
    first, second, third = rng.sample(facts.ATTRIBUTES, 3)
    one, two = facts.phrase(thing, first), facts.phrase(thing, second)
    premise = rng.choice(("{0}, which {1}, {2}", "{0} {1}. It {2}", "{0} {1} and {2}")).format(thing.name, one, two)
    asked = third if label == "neutral" else rng.choice((first, second))
    return sentence(premise), sentence(facts.claim(teller, thing, asked, true=_true(teller, label)))


def which_one(teller: Teller, label: str) -> Pair:
    """A fact about each of two things; the hypothesis must not mix them up."""
    rng, thing = teller.rng, teller.thing()
    other = teller.another(thing)
    about, unsaid = rng.sample(facts.ATTRIBUTES, 2)
    told = [f"{one.name} {facts.phrase(one, about)}" for one in (thing, other)]
    rng.shuffle(told)
    asked = unsaid if label == "neutral" else about
    claim = facts.claim(teller, thing, asked, true=_true(teller, label), mixed_up_with=other)
    return sentence(rng.choice((", and ", ", while ", "; ")).join(told)), sentence(claim)


def comparison(teller: Teller, label: str) -> Pair:
    """Which of two is more; turned round and denied."""
    rng, thing = teller.rng, teller.thing()
    other = teller.another(thing)
    scale, unsaid = rng.sample(SCALES + (DIRECTIONS if thing.kind.sort is PLACE else ()), 2)
    high = rng.random() < 0.5
    asked, holds = (unsaid if label == "neutral" else scale), high != (label == "contradiction")
    hypotheses = (
        f"{thing.name} {_compared(teller, asked, holds)} {other.name}",
        f"{other.name} {_compared(teller, asked, not holds)} {thing.name}",
    )
    witness = rng.choice(teller.world.people).full
    aside = rng.choice(("", f", as {witness} knows", ", to everyone's surprise", ", the papers say"))
    premise = f"{thing.name} {_compared(teller, scale, high)} {other.name}{aside}"
    return sentence(premise), sentence(rng.choice(hypotheses))


def _true(teller: Teller, label: str) -> bool:
    """Whether the hypothesis is true in the world; where the premise is silent, either."""
    return teller.rng.random() < 0.5 if label == "neutral" else label == "entailment"


def _compared(teller: Teller, scale: tuple[str, str, str, str], high: bool) -> str:
    return teller.rng.choice(scale[:2] if high else scale[2:])
