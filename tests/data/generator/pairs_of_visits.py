"""Pairs of texts about who used what, with whom and when: less said, more said, the contrary said."""

from __future__ import annotations

from tests.data.generator.grammar import a, lines, sentence
from tests.data.generator.teller import Pair, Teller

TIMES = lines("""
    last Sunday
    on a rainy Monday
    on Tuesday
    last Friday
    in April
    last summer
    in the autumn
    at the weekend
    at Easter
    in June
""")
PREMISES = {
    "together": lines("""
        {who} and {friend} {used} {thing} {time}
        {who} {used} {thing} with {friend} {time}
        {time}, {who} {used} {thing} together with {friend}
        {who}, who was staying with {friend}, {used} {thing} {time} and took {friend} along
    """),
    "alone": lines("""
        {who} {used} {thing} alone {time}
        {time}, {who} {used} {thing} without {friend} or anyone else
        {friend} had no time, so {who} {used} {thing} alone {time}
    """),
    "unsaid": lines("""
        {who} {used} {thing} {time}
        {time}, {who} {used} {thing} again
        {who}, a cousin of {friend}, {used} {thing} {time}
    """),
    "refused": lines("""
        {time}, {who} refused to {use} {thing}
        {who} never {used} {thing}, though {friend} had asked for it {time}
        {who} did not {use} {thing} {time}, and neither did {friend}
    """),
}
HYPOTHESES = {
    "together": lines("""
        {who} was not alone {time}
        {friend} {used} {thing} with {who}
        at least two people {used} {thing}
        {friend} was with {who} {time}
        {who} had company
    """),
    "alone": lines("""
        {who} was alone {time}
        {who} had no company
        {friend} was not with {who} {time}
        {friend} did not {use} {thing} with {who}
    """),
    "used": lines("""
        someone {used} {thing}
        {who} {used} {a_kind}
        {thing} was {used_by} by {who}
        {who} did {use} {thing}
    """),
    "refused": lines("""
        {who} did not {use} {thing}
        {who} did not {use} {thing} {time}
        it was not {who} who {used} {thing}
        {thing} was not {used_by} by {who}
    """),
    "more": lines("""
        {who} wants to {use} {thing} again because of {aspect}
        {who} and {friend} are old friends from school
        {friend} had been looking forward to it for weeks
        {who} read about {thing} in the papers
        {who} thought that {aspect} {said}
        {friend} thought that {aspect} {said}
        {who} and {friend} argued about {aspect}
        {friend} told everyone at work about {thing}
        {who} had to borrow money from {friend}
    """),
}
MATCHES = {
    "entailment": (
        ("together", "together", 3),
        ("together", "used", 3),
        ("unsaid", "used", 3),
        ("alone", "alone", 1),
        ("refused", "refused", 1),
    ),
    "neutral": (
        ("together", "more", 3),
        ("alone", "more", 3),
        ("unsaid", "more", 3),
        ("unsaid", "together", 1),
        ("unsaid", "alone", 1),
    ),
    "contradiction": (
        ("together", "alone", 3),
        ("together", "refused", 3),
        ("unsaid", "refused", 3),
        ("alone", "together", 1),
        ("refused", "used", 1),
    ),
}
"""Which premise and hypothesis make which label, and how often."""


def visit(teller: Teller, label: str) -> Pair:
    """Someone used a thing, alone or in company, or would not: less is said then, more, or the contrary."""
    rng, thing = teller.rng, teller.thing()
    who, friend = teller.people(2)
    aspect = rng.choice(thing.kind.aspects)
    slots = {
        "who": who.full,
        "friend": friend.name,
        "thing": thing.name,
        "a_kind": a(thing.kind.noun),
        "used": thing.kind.used,
        "used_by": thing.kind.used_by,
        "use": thing.kind.use,
        "time": rng.choice(TIMES),
        "aspect": aspect.noun,
        "said": teller.voice.predicate(aspect, rng.random() < 0.5, past=True, personal=False),
    }
    told, asked = rng.choice([(told, asked) for told, asked, weight in MATCHES[label] for _ in range(weight)])
    premise, hypothesis = rng.choice(PREMISES[told]), rng.choice(HYPOTHESES[asked])
    return sentence(premise.format(**slots)), sentence(hypothesis.format(**slots))
