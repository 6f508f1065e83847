"""How an opinion is put into words: the one voice behind reviews, pairs and passages."""

from __future__ import annotations

from random import Random

from tests.data.generator.aspects import BAD, EXTREME, GOOD, HELD_OUT, Aspect
from tests.data.generator.turns import MILD_TURNS, TURNS

FLIPPED = 0.18
"""Share of opinions that are said by denying their opposite."""


class Voice:
    """Chooses words at random, those that are held out of training only for dev."""

    def __init__(self, rng: Random, split: str) -> None:
        self.rng = rng
        self.unseen = split != "train"

    def word(self, positive: bool, aspect: Aspect | None = None) -> str:
        """An adjective of one side, mostly one of the aspect's own."""
        return self.rng.choice(self._known([*(aspect.words(positive) * 3 if aspect else ()), *general(positive)]))

    def mild_words(self, positive: bool) -> list[str]:
        """Adjectives of one side that suit anything and are not strong."""
        return self._known([word for word in general(positive) if word not in EXTREME])

    def predicate(self, aspect: Aspect, positive: bool, *, past: bool = False, personal: bool = True) -> str:
        """What is said of the aspect, from its verb on; `personal` allows the hopes and fears of an "I"."""
        flips = self.rng.random() < FLIPPED
        turns = WEIGHTED[flips]
        while True:
            turn, word = self.rng.choice(turns), self.word(positive != flips, aspect)
            if turn.fits(positive != flips, word) and (personal or " I " not in turn.pattern):
                return turn.say(aspect, word, other=self.word(positive == flips, aspect), past=past)

    def mild_predicate(self, aspect: Aspect, positive: bool) -> str:
        """Says in the past tense no more of the aspect than that it was good, or bad."""
        turn = self.rng.choice(MILD_TURNS)
        return turn.say(aspect, self.rng.choice(self.mild_words(positive != turn.flips)), other="", past=True)

    def clause(self, aspect: Aspect, positive: bool, *, past: bool = False, personal: bool = True) -> str:
        """The aspect and what is said of it: "the acting is never wooden"."""
        return f"{aspect.noun} {self.predicate(aspect, positive, past=past, personal=personal)}"

    def _known(self, words: list[str]) -> list[str]:
        return words if self.unseen else [word for word in words if word not in HELD_OUT]


WEIGHTED = {
    flips: tuple(turn for turn in TURNS if turn.flips == flips for _ in range(turn.weight)) for flips in (False, True)
}


def general(positive: bool) -> tuple[str, ...]:
    """Adjectives of one side that suit anything."""
    return GOOD if positive else BAD
