"""What is praised and blamed in which things, and with which words."""

from __future__ import annotations

from dataclasses import dataclass

from tests.data.generator.grammar import words


@dataclass(frozen=True, slots=True, eq=False)
class Aspect:
    """A part or a side of a thing that people have opinions about."""

    noun: str
    """With its article: "the acting"."""
    plural: bool
    praise: tuple[str, ...]
    blame: tuple[str, ...]

    def words(self, positive: bool) -> tuple[str, ...]:
        """Adjectives of one side that suit this aspect alone."""
        return self.praise if positive else self.blame


def _aspect(noun: str, praise: str, blame: str) -> Aspect:
    """A noun that is marked with * is plural."""
    return Aspect(f"the {noun.rstrip('*')}", noun.endswith("*"), words(praise), words(blame))


ASPECTS = {
    name: _aspect(name, praise, blame)
    for name, praise, blame in (
        ("plot", "gripping clever fresh surprising", "muddled predictable thin stale"),
        ("acting", "natural moving subtle convincing", "wooden stiff clumsy lifeless"),
        ("dialogue", "witty sharp funny natural", "stilted clumsy flat silly"),
        ("ending", "moving surprising satisfying clever", "rushed silly hollow predictable"),
        ("soundtrack", "haunting lively tender fresh", "shrill intrusive monotonous bland"),
        ("camera work", "elegant inventive subtle bold", "shaky clumsy drab lazy"),
        ("jokes*", "witty funny fresh sharp", "stale crude silly lame"),
        ("prose", "elegant lively tender vivid", "stilted clumsy bland lifeless"),
        ("characters*", "vivid lovable convincing warm", "flat lifeless hollow unconvincing"),
        ("opening chapter", "gripping lively funny vivid", "tedious muddled slow flat"),
        ("costumes*", "elegant inventive vivid bold", "drab shabby silly ugly"),
        ("staging", "inventive bold clever elegant", "lazy clumsy drab confusing"),
        ("singing", "tender soulful moving clear", "shrill lifeless flat monotonous"),
        ("lyrics*", "witty tender clever honest", "silly bland lame hollow"),
        ("melodies*", "haunting catchy fresh lively", "bland monotonous stale forgettable"),
        ("drumming", "lively inventive precise bold", "lifeless clumsy intrusive monotonous"),
        ("coffee", "fragrant smooth rich fresh", "bitter weak stale watery"),
        ("service", "attentive prompt friendly helpful", "slow rude careless sloppy"),
        ("cakes*", "delicious fresh light tasty", "stale dry soggy tasteless"),
        ("staff*", "friendly attentive helpful kind", "rude careless grumpy unhelpful"),
        ("terrace", "sunny charming peaceful inviting", "noisy cramped gloomy shabby"),
        ("soup", "delicious warming tasty fragrant", "watery cold salty tasteless"),
        ("rooms*", "cosy spotless bright peaceful", "cramped grubby gloomy noisy"),
        ("breakfast", "delicious generous fresh tasty", "meagre cold stale tasteless"),
        ("beds*", "comfortable cosy spotless inviting", "lumpy narrow uncomfortable creaky"),
        ("view", "charming glorious peaceful romantic", "dreary gloomy drab depressing"),
        ("guided tour", "lively fascinating funny instructive", "tedious confusing rushed monotonous"),
        ("collection", "fascinating rich surprising inspiring", "meagre dusty confusing drab"),
        ("garden", "charming peaceful sunny inviting", "neglected dreary gloomy shabby"),
        ("bread", "delicious fragrant fresh crisp", "stale soggy dry tasteless"),
        ("handle", "comfortable sturdy elegant practical", "flimsy awkward slippery wobbly"),
        ("lid", "sturdy tight practical neat", "flimsy loose awkward wobbly"),
        ("finish", "elegant smooth flawless neat", "shoddy rough ugly uneven"),
        ("switch", "handy sturdy reliable practical", "awkward flimsy unreliable stiff"),
        ("light", "warm soft pleasant cosy", "harsh weak gloomy cold"),
        ("stand", "sturdy stable elegant neat", "wobbly flimsy ugly shaky"),
        ("straps*", "comfortable sturdy soft practical", "flimsy uncomfortable stiff rough"),
        ("zips*", "sturdy smooth reliable tight", "flimsy stiff unreliable shoddy"),
        ("pockets*", "handy practical generous neat", "awkward tiny impractical loose"),
        ("sound", "warm clear rich crisp", "tinny harsh thin muddled"),
        ("battery", "reliable sturdy strong lasting", "weak unreliable feeble shoddy"),
        ("display", "clear sharp bright practical", "confusing dim blurred impractical"),
        ("instructions*", "clear helpful simple precise", "confusing unhelpful careless sloppy"),
        ("seat", "comfortable soft sturdy inviting", "uncomfortable lumpy narrow creaky"),
        ("legs*", "sturdy elegant stable neat", "wobbly flimsy shaky uneven"),
    )
}

GOOD = words("""
    good nice lovely pleasing impressive fine admirable first-rate
    wonderful excellent superb splendid delightful marvellous brilliant fantastic
""")
BAD = words("""
    bad poor disappointing mediocre unpleasant unimpressive second-rate tiresome
    dreadful awful terrible dismal hopeless abysmal miserable lousy
""")
"""What can be said of anything."""

EXTREME = frozenset(
    words("""
        wonderful excellent superb splendid delightful marvellous brilliant fantastic glorious flawless spotless
        delicious fascinating dreadful awful terrible dismal hopeless abysmal miserable first-rate second-rate mediocre
    """)
)
"""Words that nobody calls "very": they are "simply" so."""

HELD_OUT = frozenset(
    words("""
        admirable splendid marvellous fantastic unimpressive dismal lousy abysmal stale inventive tender lively vivid
        practical attentive flimsy gloomy bland lifeless sloppy peaceful wobbly
    """)
)
"""Words that no training text has: dev asks what the encoder knew before."""

SHORT = frozenset(
    words("""
        bland bold bright clear cold cosy creaky crisp dim dry dusty fine flat fresh friendly funny grubby grumpy
        handy harsh kind light lively loose lovely lumpy narrow neat nice noisy poor rich rough rude salty shabby
        shaky sharp shoddy shrill silly sloppy slow smooth soft soggy stiff strong sturdy sunny tasty thin tight
        tinny tiny ugly warm watery weak witty wobbly
    """)
)
"""Words that are compared with an ending, not with "more"."""
IRREGULAR = {"good": ("better", "best"), "bad": ("worse", "worst")}


def more(word: str) -> str:
    """The comparative: "better", "thinner", "more gripping"."""
    if word in IRREGULAR:
        return IRREGULAR[word][0]
    return f"{_stem(word)}er" if word in SHORT else f"more {word}"


def most(word: str) -> str:
    """The superlative: "best", "thinnest", "most gripping"."""
    if word in IRREGULAR:
        return IRREGULAR[word][1]
    return f"{_stem(word)}est" if word in SHORT else f"most {word}"


def _stem(word: str) -> str:
    if word.endswith("e"):
        return word[:-1]
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}i"
    return word + word[-1] if word in ("dim", "flat", "thin") else word
