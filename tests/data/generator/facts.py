"""What is true of a thing, put into words: the same words behind pairs and passages."""

from __future__ import annotations

from random import Random

from tests.data.generator.teller import Teller
from tests.data.generator.world import Thing

ATTRIBUTES = ("maker", "year", "town", "feature")


def pattern(thing: Thing, attribute: str, *, denied: bool = False) -> str:
    """The verb phrase with {value} open: "was directed by {value}"."""
    if attribute == "maker":
        return f"{'was not' if denied else 'was'} {thing.kind.made_by} by {{value}}"
    return thing.kind.sort.said[attribute][denied]


def value(thing: Thing, attribute: str) -> str:
    """The true value, as it stands in the pattern."""
    values = {"maker": thing.maker.full, "year": f"in {thing.year}", "town": thing.town, "feature": thing.feature}
    return values[attribute]


def phrase(thing: Thing, attribute: str) -> str:
    """What is true of the thing: "was directed by Mira Lind"."""
    return pattern(thing, attribute).format(value=value(thing, attribute))


def claim(teller: Teller, thing: Thing, attribute: str, *, true: bool, mixed_up_with: Thing | None = None) -> str:
    """A true or false sentence on one attribute, in other words than the fact: by class, by decade, by denial."""
    denied = teller.rng.random() < 0.35
    right = true != denied
    if attribute == "year":
        said = time(teller.rng, thing.year, right=right)
    elif attribute == "feature":
        said = thing.feature_class if right else _other_class(teller.rng, thing)
    else:
        said = value(thing, attribute) if right else _other_value(teller, thing, attribute, mixed_up_with)
    return f"{thing.name} {pattern(thing, attribute, denied=denied).format(value=said)}"


def time(rng: Random, year: int, *, right: bool) -> str:
    """A span of time in which the year lies, or does not."""
    decade = year // 10 * 10
    later, earlier = decade + 10 * rng.randrange(1, 4), decade - 10 * rng.randrange(1, 4)
    if right:
        return rng.choice((f"before {later}", f"after {earlier}", f"in the {decade}s"))
    return rng.choice((f"before {earlier}", f"after {later}", f"in the {rng.choice((later, earlier))}s"))


def _other_class(rng: Random, thing: Thing) -> str:
    return rng.choice([name for name in thing.kind.sort.features if name != thing.feature_class])


def _other_value(teller: Teller, thing: Thing, attribute: str, mixed_up_with: Thing | None) -> str:
    """A wrong value, where possible that of the thing it is mixed up with."""
    true = value(thing, attribute)
    if mixed_up_with and value(mixed_up_with, attribute) != true:
        return value(mixed_up_with, attribute)
    while True:
        found = value(teller.thing(), attribute)
        if found != true:
            return found
