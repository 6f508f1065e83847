"""Pairs of texts about what people did, failed to do, passed on, gave up."""

from __future__ import annotations

from tests.data.generator.conduct import FOND, MILD
from tests.data.generator.grammar import lines, listed, sentence, words
from tests.data.generator.kinds_of_things import PLACE, PRODUCT, WORK
from tests.data.generator.teller import Pair, Teller

OUTCOMES = {
    True: lines("""
        managed to {}
        remembered to {}
        took the trouble to {}
        did not forget to {}
        did not fail to {}
        did not hesitate to {}
        was forced to {}, and did
    """),
    False: lines("""
        failed to {}
        forgot to {}
        refused to {}
        did not manage to {}
        did not bother to {}
        did not remember to {}
        was unable to {}
        was too tired to {}
    """),
    None: lines("""
        hoped to {}
        wanted to {}
        planned to {}
        promised to {}
        was asked to {}
        did not plan to {}
        did not promise to {}
        was in two minds whether to {}
        did not want to {}
    """),
}
"""What a verb says of the deed that follows it: it was done, it was not, or nothing."""

DEEDS = {
    PLACE: (
        ("take {friend} to {thing}", "took {friend} to {thing}"),
        ("write to the owner of {thing}", "wrote to the owner of {thing}"),
        ("take photos of {thing}", "took photos of {thing}"),
    ),
    PRODUCT: (
        ("repair {thing}", "repaired {thing}"),
        ("return {thing} to the shop", "returned {thing} to the shop"),
        ("order {thing} for {friend}", "ordered {thing} for {friend}"),
    ),
    WORK: (
        ("write about {thing}", "wrote about {thing}"),
        ("tell {friend} about {thing}", "told {friend} about {thing}"),
        ("send {friend} a poster of {thing}", "sent {friend} a poster of {thing}"),
    ),
}
"""What can be done with a thing, and what was."""

CHANGES = (
    ("has stopped {doing}", True, False),
    ("no longer {does}", True, False),
    ("has given up {doing}", True, False),
    ("has started {doing}", False, True),
    ("now {does}, for the first time", False, True),
    ("still {does}", True, True),
    ("has not stopped {doing}", True, True),
    ("has never thought of {doing}, then or now", False, False),
)
"""What is told, whether it was so before, whether it is so now."""
HABITS = (
    ("sells", "selling", "sell", words("soup honey postcards umbrellas candles newspapers flowers ice-cream")),
    ("teaches", "teaching", "teach", words("cooking drawing dancing chess singing sewing")),
    ("collects", "collecting", "collect", words("stamps clocks maps toys coins posters")),
)

TRANSFERS = (
    ("{giver} sold {thing} to {taker}", False, True),
    ("{taker} bought {thing} from {giver}", False, True),
    ("{giver} gave {thing} to {taker} as a present", False, False),
    ("{taker} got {thing} from {giver} as a present", False, False),
    ("{giver} lent {thing} to {taker} for nothing", True, False),
    ("{taker} borrowed {thing} from {giver} free of charge", True, False),
)
"""What is told, whether the giver still owns the thing, whether the taker paid."""


def outcome(teller: Teller, label: str) -> Pair:
    """Managed to, failed to, hoped to: was it done?"""
    rng, thing = teller.rng, teller.thing()
    person, friend = teller.people(2)
    do, did = rng.choice(DEEDS[thing.kind.sort])
    said_done = rng.random() < 0.5
    done = None if label == "neutral" else said_done == (label == "entailment")
    premise = f"{person.full} {rng.choice(OUTCOMES[done]).format(do)}"
    hypothesis = f"{person.full} {did if said_done else f'did not {do}'}"
    slots = {"thing": thing.name, "friend": friend.name}
    return sentence(premise.format(**slots)), sentence(hypothesis.format(**slots))


def change(teller: Teller, label: str) -> Pair:
    """Stopped, started, still: before and now."""
    rng = teller.rng
    who = rng.choice((rng.choice(teller.world.people).full, teller.thing(PLACE).name))
    does, doing, do, things = rng.choice(HABITS)
    told, other = rng.sample(things, 2)
    pattern, before, now = rng.choice(CHANGES)
    premise = f"{who} {pattern.format(doing=f'{doing} {told}', does=f'{does} {told}')}"
    about_now = rng.random() < 0.5
    so = (now if about_now else before) == (label != "contradiction")
    what = other if label == "neutral" else told
    hypothesis = {
        (True, True): f"{who} {does} {what} today",
        (True, False): f"{who} does not {do} {what} today",
        (False, True): f"{who} used to {do} {what}",
        (False, False): f"{who} did not {do} {what} in earlier days",
    }[about_now, so]
    return sentence(premise), sentence(hypothesis)


def transfer(teller: Teller, label: str) -> Pair:
    """Sold, gave, lent: who has it now, and who paid? Neutral is about another thing."""
    rng, thing = teller.rng, teller.thing(PRODUCT)
    giver, taker = (person.full for person in teller.people(2))
    told, kept, paid = rng.choice(TRANSFERS)
    true, what = label != "contradiction", (teller.another(thing) if label == "neutral" else thing).name
    owner, other = (giver, taker) if kept else (taker, giver)
    first, last = (giver, taker) if true else (taker, giver)
    hypotheses = (
        f"{owner if true else other} is the owner of {what} now",
        f"{other if true else owner} is not the owner of {what} now",
        f"{taker} {'paid' if paid == true else 'did not pay'} for {what}",
        f"{what} went from {first} to {last}",
    )
    return sentence(told.format(giver=giver, taker=taker, thing=thing.name)), sentence(rng.choice(hypotheses))


def company(teller: Teller, label: str) -> Pair:
    """All, only one, all but one: who liked it?"""
    rng, thing = teller.rng, teller.thing()
    *group, outsider = teller.people(4)
    names = [person.name for person in group]
    one, positive = rng.choice(names), rng.random() < 0.5
    liked = rng.choice([verb for verb in FOND[positive] if " not " not in f" {verb} "])
    told, those = rng.choice(
        (
            (f"each of them {liked} it", names),
            (f"only {one} {liked} it", [one]),
            (f"everyone but {one} {liked} it", [name for name in names if name != one]),
        )
    )
    asked = outsider.name if label == "neutral" else rng.choice(names)
    so = positive if label == "neutral" or asked in those else not positive
    hypothesis = f"{asked} {rng.choice(MILD[so != (label == 'contradiction')])} {thing.name}"
    return sentence(f"{listed(names)} {thing.kind.used} {thing.name}; {told}"), sentence(hypothesis)
