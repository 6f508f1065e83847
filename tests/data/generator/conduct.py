"""What people say and do who like a thing, or do not."""

from __future__ import annotations

from tests.data.generator.grammar import lines
from tests.data.generator.kinds_of_things import PLACE, PRODUCT, WORK, Kind

FOND = {
    True: lines("""
        loved
        liked
        enjoyed
        was delighted with
        praised
        was impressed by
        admired
        had nothing but praise for
        could not fault
    """),
    False: lines("""
        disliked
        hated
        was disappointed by
        did not like
        did not enjoy
        complained about
        was not impressed by
        had no praise for
        found fault with
    """),
}
"""Verbs before a thing or an aspect of it."""

MILD = {
    True: lines("""
        liked
        enjoyed
        was happy with
        was satisfied with
        thought well of
        did not dislike
        approved of
    """),
    False: lines("""
        disliked
        did not like
        was not happy with
        was unhappy with
        found fault with
        did not approve of
        thought little of
    """),
}
"""Verbs that every opinion of a side entails, however strong or weak it is."""

_CONDUCT = {
    (PLACE, True): lines("""
        booked again for next week at once
        stayed two hours longer than planned
        has been back four times since
        sent all the neighbours there
        left a glowing note in the guest book
        did not want to leave
        came back with the whole family
    """),
    (PLACE, False): lines("""
        left after ten minutes
        asked for the money back
        has not been back since
        warned all the neighbours
        walked out after five minutes
        was glad to get out
        left an angry note in the guest book
    """),
    (PRODUCT, True): lines("""
        ordered a second one the same day
        would not part with it for the world
        uses it every single day
        gave one to each of the neighbours
        has recommended it to half the street
        never had to ask for a repair
    """),
    (PRODUCT, False): lines("""
        sent it back the same day
        gave it away within a week
        uses the old one again
        asked for the money back
        has hidden it in the cellar
        needed three repairs in a month
        had to tape it together twice
    """),
    (WORK, True): lines("""
        laughed and cried over it all evening
        forgot the time completely
        went through it twice in one weekend
        could talk of nothing else for days
        bought copies for the whole family
        wished that it had gone on for ever
        told everyone not to miss it
    """),
    (WORK, False): lines("""
        gave up halfway through
        fell asleep before the end
        looked at the clock every two minutes
        asked for the money back
        had forgotten all of it by the next morning
        wished that it had been over sooner
        regrets every minute of it
    """),
}


def conduct(kind: Kind, positive: bool) -> tuple[str, ...]:
    """What someone of that opinion did, as the words after "she": opinion without a word of it."""
    return _CONDUCT[kind.sort, positive]
