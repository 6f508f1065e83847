"""Comments with any number of feelings, by the names that GoEmotions has for them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.data.generator.grammar import capital, lines, sentence
from tests.data.generator.teller import Teller
from tests.data.generator.world import World, at_or_of

NEUTRAL = "neutral"
COMMENTS = {
    name: lines(text)
    for name, text in {
        "admiration": """
            what {person} has {done} with {thing} is a masterpiece
            hats off to {person}, such craft in {aspect}
            {person} is the best {maker} we have
        """,
        "amusement": """
            I could not stop laughing at {aspect}
            haha, {aspect} had us in stitches
            {person} was hilarious about {thing}
        """,
        "anger": """
            I am furious with {person} over {aspect}
            how dare {person} ask {price} crowns for {thing}
            {aspect} made my blood boil
        """,
        "annoyance": """
            {aspect} did get on my nerves
            please stop going on about {thing}, {person}
            it irritates me how {person} praises {thing}
        """,
        "approval": """
            {person} is right about {thing}
            I agree with {person} about {aspect}
            yes, {thing} is fair enough
        """,
        "caring": """
            take good care of yourself, {person}
            I hope that {person} is all right after {thing}
            we are here for you, {person}, whatever they say about {thing}
        """,
        "confusion": """
            I do not get {aspect} at all
            wait, what does {person} mean by {thing}
            {thing} left me puzzled
        """,
        "curiosity": """
            I wonder who {made} {thing}
            does anybody know more about {aspect}
            what is {thing} like, {person}
        """,
        "desire": """
            I would give anything for {thing}
            I want to {use} {thing} so much
            how I long for {thing}
        """,
        "disappointment": """
            I had hoped for more from {thing}
            {aspect} let us down
            what a letdown {thing} was
        """,
        "disapproval": """
            I do not agree with {person} about {thing}
            no, {person}, one should not do that with {thing}
            {person} is wrong about {aspect}
        """,
        "disgust": """
            {aspect} turned my stomach
            {thing} is revolting
            it made me sick how {person} spoke of {thing}
        """,
        "embarrassment": """
            I blushed when {person} mentioned {thing}
            so awkward, I had praised {thing} in front of {person}
            I wanted to sink into the ground at {thing}
        """,
        "excitement": """
            I can hardly wait for {thing}
            wow, {person} is coming to {town}, I am thrilled
            we are counting the days until {thing}
        """,
        "fear": """
            {aspect} scared me
            I am afraid of what {person} will do to {thing}
            {thing} gave me nightmares
        """,
        "gratitude": """
            thank you for {thing}, {person}
            many thanks to {person} for showing us {thing}
            I am grateful to {person}
        """,
        "grief": """
            we mourn for {person}
            {person} has died, and {town} will never be the same
            I still cry for {person}, who loved {thing}
        """,
        "joy": """
            {thing} made my whole week
            I am so happy with {thing}
            what fun we had with {person} and {thing}
        """,
        "love": """
            I adore {thing}
            I love {person} with all my heart
            {thing} has a special place in my heart
        """,
        "nervousness": """
            I am worried about showing {thing} to {person}
            my hands shake when I think of {thing}
            I am so tense before {thing}
        """,
        "optimism": """
            {thing} will be fine, you will see
            I am sure that {person} will do better with {thing} next time
            things are looking up for {thing}
        """,
        "pride": """
            I am proud of {person} for {thing}
            we did it, {thing} is ours and we hold our heads high
            nobody in {town} but me has {done} anything like {thing}
        """,
        "realization": """
            I have just noticed that {thing} is by {person}
            oh, so that is why {person} {made} {thing}
            it dawned on me that {thing} comes from {town}
        """,
        "relief": """
            phew, {thing} turned out all right
            thank goodness that {person} is back in {town}
            a weight has fallen off my shoulders, {thing} is over
        """,
        "remorse": """
            I am sorry for what I said about {thing}
            forgive me, {person}, I should not have laughed at {thing}
            I regret what I did to {thing}
        """,
        "sadness": """
            I have felt low ever since {thing}
            it breaks my heart that {person} has left {town}
            {thing} made us weep
        """,
        "surprise": """
            I did not see {aspect} coming
            who would have thought that {person} {made} {thing}
            {thing} caught me off guard
        """,
        NEUTRAL: """
            {thing} is from {town}
            {person} {made} {thing} in {year}
            {thing} costs {price} crowns
            {person} spoke of {thing} in {town}
        """,
    }.items()
}
"""Feeling → what is said by those who have it."""
JOINTS = (". ", ", and ", "; ", " – ", ", but ")
TWO, NONE = 0.3, 0.12
"""Shares of comments with two feelings, and with none."""


def rows(world: World, count: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Comments with the names of their feelings, none twice."""
    rng, seen = Random(f"feelings {world.split}"), set[str]()
    teller = Teller(rng, world)
    feelings = [name for name in COMMENTS if name != NEUTRAL]
    while len(seen) < count:
        chance = rng.random()
        names = [NEUTRAL] if chance < NONE else rng.sample(feelings, 2 if chance > 1 - TWO else 1)
        text = _comment(teller, names)
        if text not in seen:
            seen.add(text)
            yield text, tuple(names)


def _comment(teller: Teller, names: list[str]) -> str:
    thing, person = teller.thing(), teller.someone()
    kind = thing.kind
    values = {
        "thing": thing.name,
        "person": person.full,
        "aspect": f"{teller.rng.choice(kind.aspects).noun} {at_or_of(thing)}",
        "made": kind.made,
        "done": kind.made_by,
        "maker": kind.maker,
        "use": kind.use,
        "town": thing.town,
        "year": thing.year,
        "price": thing.price,
    }
    said = [teller.rng.choice(COMMENTS[name]).format(**values) for name in names]
    return ". ".join(map(capital, sentence(teller.rng.choice(JOINTS).join(said)).split(". ")))
