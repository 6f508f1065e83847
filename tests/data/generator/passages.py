"""Short passages about two things and three people of the world, and where in them each fact stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from string import Formatter

from tests.data.generator import facts
from tests.data.generator.conduct import FOND, conduct
from tests.data.generator.grammar import capital, lines
from tests.data.generator.kinds_of_things import PLACE, PRODUCT
from tests.data.generator.teller import Teller
from tests.data.generator.world import Opinion, Thing, at_or_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a passage, in characters."""

    start: int
    end: int


@dataclass(slots=True)
class Passage:
    """Text that grows sentence by sentence and remembers where its slots were filled."""

    text: str = ""
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, pattern: str, **values: str) -> None:
        """Appends a sentence. A slot named {_plain} is filled and not remembered."""
        start = len(self.text) + bool(self.text)
        text = ""
        for literal, name, _, _ in Formatter().parse(pattern):
            text += literal
            if name is None:
                continue
            begun = start + len(text)
            text += values[name]
            if not name.startswith("_"):
                self.places[name] = Place(begun, begun + len(values[name]))
        self.text = f"{self.text} {capital(text)}" if self.text else capital(text)

    def at(self, slot: str) -> str:
        """What stands in a slot."""
        place = self.places[slot]
        return self.text[place.start : place.end]


@dataclass(frozen=True, slots=True)
class Report:
    """A passage with what its questions need to know."""

    passage: Passage
    things: tuple[Thing, Thing]
    judged: list[Opinion]
    """Two opinions of the first thing, by one person."""
    other: Opinion
    """One of the second thing."""
    reason: Opinion
    """Why a visitor, or buyer, of the first thing did what they did."""


FIRST = lines("""
    {maker0} {_made} {_thing0}, which {_year} {year0}.
    {_thing0} was {_by} by {maker0} and {_year} {year0}.
    {_thing0}, {_by} by {maker0}, {_year} {year0}.
    When {_thing0} {_year} {year0}, hardly anyone had heard of {maker0}, who had {_by} it.
    People have talked about {_thing0} and about {maker0}, who {_made} it, ever since it {_year} {year0}.
""")
THEN = lines("""
    It {_town} {town0} and {_feature} {feature0}.
    The {_noun} {_feature} {feature0} and {_town} {town0}.
    Few know that it {_feature} {feature0}; it {_town} {town0}.
""")
"""Right after the first sentence, where "it" is clear."""
LATER = lines("""
    {_thing0} {_town} {town0}; it {_feature} {feature0}.
    {_thing0}, by the way, {_feature} {feature0} and {_town} {town0}.
""")
SECOND = lines("""
    {_thing1}, {_by} by {maker1}, {_feature} {feature1} and {_year} {year1}.
    {_thing1} {_year} {year1}: {maker1} {_made} it, and it {_feature} {feature1}.
    In {year1} came {_thing1} by {maker1}, which {_feature} {feature1}.
    {maker1} is known for {_thing1}, which {_year} {year1} and {_feature} {feature1}.
""")
JUDGED = lines("""
    {judge0} {_fond0} {aspect0} {_of_thing0}{_joint} {_pronoun} {_fond1} {aspect1}.
    Of {_thing0}, {judge0} wrote that {aspect0} {_said0}{_joint} {aspect1} {_said1}.
    According to {judge0}, {aspect0} {_of_thing0} {_said0}{_joint} {aspect1} {_said1}.
""")
OTHER = lines("""
    {judge1} {_fond2} {aspect2} {_of_thing1}.
    {judge1} said that {aspect2} {_of_thing1} {_said2}.
    As to {_thing1}, {judge1} {_fond2} {aspect2}.
    In the opinion of {judge1}, {aspect2} {_of_thing1} {_said2}.
""")
DONE = lines("""
    {visitor} {_used} {_thing0} as well and {did} because {reason}.
    Because {reason}, {visitor}, who had {_used_by} {_thing0}, {did}.
    {visitor} {_used} {_thing0} and {did}: {reason}.
""")
PAID = lines("""
    {buyer} paid {price} for {_what}.
    For {price}, {buyer} got {_what}.
    It was {buyer} who gave {price} for {_what}.
    {_what}: that cost {buyer} {price}.
""")


def report(teller: Teller) -> Report:
    """A passage of five sentences about two things of one kind."""
    rng = teller.rng
    judged = teller.opinions_of_one()
    thing, judge = judged[0].thing, judged[0].person
    second = teller.another(thing)
    other = rng.choice([opinion for opinion in teller.world.opinions[second] if opinion.person is not judge])
    visitor = teller.someone(thing.maker, second.maker, judge, other.person)
    aspect = rng.choice([a for a in thing.kind.aspects if a not in (judged[0].aspect, judged[1].aspect)])
    reason = Opinion(visitor, thing, aspect, rng.random() < 0.5)
    told = Report(Passage(), (thing, second), judged, other, reason)
    for part in (*rng.choice(ORDERS), rng.choice((_other, _done, _paid))):
        part(teller, told)
    return told


def _first(teller: Teller, told: Report) -> None:
    told.passage.add(teller.rng.choice(FIRST), **_facts(told.things[0], 0))


def _then(teller: Teller, told: Report) -> None:
    told.passage.add(teller.rng.choice(THEN), **_facts(told.things[0], 0))


def _later(teller: Teller, told: Report) -> None:
    told.passage.add(teller.rng.choice(LATER), **_facts(told.things[0], 0))


def _second(teller: Teller, told: Report) -> None:
    told.passage.add(teller.rng.choice(SECOND), **_facts(told.things[1], 1))


def _judged(teller: Teller, told: Report) -> None:
    rng, (one, two) = teller.rng, told.judged
    told.passage.add(
        rng.choice(JUDGED),
        judge0=one.person.full,
        aspect0=one.aspect.noun,
        aspect1=two.aspect.noun,
        _joint=", and" if one.positive == two.positive else rng.choice((", but", ", yet", "; even so,")),
        _pronoun=one.person.pronoun,
        _fond0=rng.choice(FOND[one.positive]),
        _fond1=rng.choice(FOND[two.positive]),
        _said0=_said(teller, one),
        _said1=_said(teller, two),
        _thing0=one.thing.name,
        _of_thing0=at_or_of(one.thing),
    )


def _other(teller: Teller, told: Report) -> None:
    other, rng = told.other, teller.rng
    told.passage.add(
        rng.choice(OTHER),
        judge1=other.person.full,
        aspect2=other.aspect.noun,
        _fond2=rng.choice(FOND[other.positive]),
        _said2=_said(teller, other),
        _thing1=other.thing.name,
        _of_thing1=at_or_of(other.thing),
    )


def _done(teller: Teller, told: Report) -> None:
    thing, reason = told.things[0], told.reason
    told.passage.add(
        teller.rng.choice(DONE),
        visitor=reason.person.full,
        did=teller.rng.choice(conduct(thing.kind, reason.positive)),
        reason=f"{reason.aspect.noun} {_said(teller, reason)}",
        _used=used(thing),
        _used_by="tried" if thing.kind.sort is PRODUCT else thing.kind.used_by,
        _thing0=thing.name,
    )


def _paid(teller: Teller, told: Report) -> None:
    thing, buyer = told.things[0], told.reason.person
    told.passage.add(
        teller.rng.choice(PAID), buyer=buyer.full, price=f"{thing.price} crowns", _what=what_is_paid(thing)
    )


ORDERS = (
    (_first, _then, _judged, _second),
    (_first, _judged, _later, _second),
    (_second, _first, _then, _judged),
    (_first, _second, _later, _judged),
)


def what_is_paid(thing: Thing) -> str:
    """What costs the thing's price."""
    if thing.kind.sort is PRODUCT:
        return thing.name
    if thing.kind.sort is PLACE:
        return f"an evening at {thing.name}"
    return f"a signed copy of {thing.name}" if thing.kind.noun == "novel" else f"two tickets to {thing.name}"


def used(thing: Thing) -> str:
    """What a visitor did with it."""
    return "tried" if thing.kind.sort is PRODUCT else thing.kind.used


def _facts(thing: Thing, number: int) -> dict[str, str]:
    """Slots for a thing's facts, numbered where they are asked for."""
    town, feature = (facts.pattern(thing, name).removesuffix(" {value}") for name in ("town", "feature"))
    return {
        f"maker{number}": thing.maker.full,
        f"year{number}": str(thing.year),
        f"town{number}": thing.town,
        f"feature{number}": thing.feature,
        f"_thing{number}": thing.name,
        "_made": thing.kind.made,
        "_by": thing.kind.made_by,
        "_noun": thing.kind.noun,
        "_year": facts.pattern(thing, "year").format(value="in"),
        "_town": town,
        "_feature": feature,
    }


def _said(teller: Teller, opinion: Opinion) -> str:
    return teller.voice.predicate(opinion.aspect, opinion.positive, past=True, personal=False)
