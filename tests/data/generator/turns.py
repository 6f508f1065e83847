"""The ways to say an adjective of something, and which of them say its opposite."""

from __future__ import annotations

from dataclasses import dataclass

from tests.data.generator.aspects import EXTREME, Aspect, more


@dataclass(frozen=True, slots=True)
class Turn:
    """One such way."""

    pattern: str
    """{be} is the verb; {word}, {more} and {other} are the adjective, its comparative and one of the other side."""
    flips: bool = False
    """Whether the whole says the opposite of the word."""
    takes: str = "any"
    """Words it goes with: "good", "bad", "plain" (not extreme) or "extreme" ones, "plain good", "plain bad", or any."""
    weight: int = 2
    """How often it is chosen among its like."""

    def fits(self, word_is_good: bool, word: str) -> bool:
        """Whether English has the turn for this word."""
        known = {
            "any": True,
            "good": word_is_good,
            "bad": not word_is_good,
            "plain": word not in EXTREME,
            "extreme": word in EXTREME,
        }
        return all(known[kind] for kind in self.takes.split())

    def say(self, aspect: Aspect, word: str, *, other: str, past: bool = False) -> str:
        """The turn's words, its verb in the aspect's number."""
        be = ("were" if aspect.plural else "was") if past else ("are" if aspect.plural else "is")
        return self.pattern.format(be=be, word=word, more=more(word), other=other)


TURNS = (
    Turn("{be} {word}", weight=8),
    Turn("{be} very {word}", takes="plain"),
    Turn("{be} really {word}", takes="plain"),
    Turn("{be} simply {word}", takes="extreme"),
    Turn("{be} absolutely {word}", takes="extreme"),
    Turn("{be} rather {word}", takes="plain bad"),
    Turn("{be} as {word} as ever", takes="plain"),
    Turn("{be} nothing short of {word}", takes="extreme"),
    Turn("{be} never less than {word}", takes="good"),
    Turn("{be} {word}, not {other}"),
    Turn("{be} not {other} but {word}"),
    Turn("{be} even {more} than I had hoped", takes="plain good", weight=1),
    Turn("{be} even {more} than I had feared", takes="plain bad", weight=1),
    Turn("could not have been {more}", takes="plain", weight=4),
    Turn("{be} not {word}", flips=True, takes="plain", weight=8),
    Turn("{be} not at all {word}", flips=True, takes="plain", weight=3),
    Turn("{be} never {word}", flips=True, takes="plain", weight=3),
    Turn("{be} hardly {word}", flips=True, weight=3),
    Turn("{be} barely {word}", flips=True, takes="plain good", weight=3),
    Turn("{be} far from {word}", flips=True, weight=3),
    Turn("{be} anything but {word}", flips=True, weight=3),
    Turn("{be} by no means {word}", flips=True),
    Turn("{be} not {word} enough", flips=True, takes="plain good"),
    Turn("could have been {more}", flips=True, takes="plain good", weight=3),
    Turn("{be} less {word} than I had hoped", flips=True, takes="plain good"),
    Turn("{be} less {word} than I had feared", flips=True, takes="plain bad"),
)
MILD_TURNS = (
    Turn("{be} {word}"),
    Turn("{be} not {word}", flips=True),
    Turn("{be} far from {word}", flips=True),
)
"""Those that say no more than that something is good, or bad."""
