"""Films, cafés, kettles: what there is in the world, and the features that only one sort of thing has."""

from __future__ import annotations

from dataclasses import dataclass

from tests.data.generator.aspects import ASPECTS, Aspect
from tests.data.generator.grammar import words


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """What works, places and products each have in common."""

    features: dict[str, tuple[str, ...]]
    """Classes of the one feature to its values; a thing has one value, and so one class."""
    said: dict[str, tuple[str, str]]
    """How each attribute is said of a thing, and how it is denied."""
    asks: dict[str, str]
    """How each attribute is asked for."""


WORK = Sort(
    {
        "in the countryside": ("on a farm", "in a mountain village", "in an orchard", "in a vineyard"),
        "at sea": ("on a ferry", "on a sailing ship", "on a fishing boat", "on a raft"),
        "in a big city": ("in a tower block", "in a tram depot", "in a department store", "in an underground station"),
    },
    {
        "year": ("came out {value}", "did not come out {value}"),
        "town": ("was first presented in {value}", "was not first presented in {value}"),
        "feature": ("is set {value}", "is not set {value}"),
    },
    {
        "year": "When did {thing} come out?",
        "town": "In which town was {thing} first presented?",
        "feature": "Where is {thing} set?",
    },
)
PLACE = Sort(
    {
        "a religious building": ("a chapel", "a monastery", "a convent", "a church"),
        "a farm building": ("a barn", "a stable", "a cowshed", "a granary"),
        "an industrial building": ("a cotton mill", "a brick factory", "a shipyard", "an ironworks"),
    },
    {
        "year": ("opened {value}", "did not open {value}"),
        "town": ("stands in {value}", "does not stand in {value}"),
        "feature": ("occupies what was once {value}", "does not occupy what was once {value}"),
    },
    {
        "year": "When did {thing} open?",
        "town": "In which town does {thing} stand?",
        "feature": "What was the building of {thing} before?",
    },
)
PRODUCT = Sort(
    {
        "metal": ("brass", "copper", "steel", "tin"),
        "wood": ("oak", "pine", "walnut", "birch"),
        "cloth": ("wool", "linen", "canvas", "cotton"),
    },
    {
        "year": ("went on sale {value}", "did not go on sale {value}"),
        "town": ("is put together in {value}", "is not put together in {value}"),
        "feature": ("is made of {value}", "is not made of {value}"),
    },
    {
        "year": "When did {thing} go on sale?",
        "town": "In which town is {thing} put together?",
        "feature": "What is {thing} made of?",
    },
)


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of thing: what it is called, who makes it, what people do with it."""

    noun: str
    sort: Sort
    maker: str
    made: str
    """What the maker did: "wrote"."""
    made_by: str
    """Before "by": "written"."""
    used: str
    """What people did with it: "saw"."""
    used_by: str
    """Before "by", and after "has": "seen"."""
    use: str
    classes: tuple[str, ...]
    """Classes of the sort's feature that this kind may have."""
    aspects: tuple[Aspect, ...]


def _kinds(sort: Sort, does: str, table: dict[str, tuple[str, str]]) -> tuple[Kind, ...]:
    """Kinds of a sort about which people do the same; the table says classes (empty: all) and aspects of each noun."""
    maker, made, made_by, used, used_by, use = words(does)
    return tuple(
        Kind(
            noun=noun,
            sort=sort,
            maker=maker,
            made=made,
            made_by=made_by,
            used=used,
            used_by=used_by,
            use=use,
            classes=words(classes) or tuple(sort.features),
            aspects=tuple(ASPECTS[name] for name in aspects.split(", ")),
        )
        for noun, (classes, aspects) in table.items()
    )


KINDS = (
    *_kinds(
        WORK,
        "director directed directed watched watched watch",
        {"film": ("", "plot, acting, dialogue, ending, soundtrack, camera work, jokes*")},
    ),
    *_kinds(
        WORK,
        "author wrote written read read read",
        {"novel": ("", "plot, dialogue, ending, prose, characters*, opening chapter, jokes*")},
    ),
    *_kinds(
        WORK,
        "director staged staged saw seen see",
        {
            "play": ("", "plot, acting, dialogue, ending, costumes*, staging, jokes*"),
            "musical": ("", "plot, singing, lyrics*, melodies*, costumes*, drumming"),
        },
    ),
    *_kinds(
        PLACE,
        "founder founded founded visited visited visit",
        {
            "café": ("", "coffee, service, cakes*, staff*, terrace, soup"),
            "hotel": ("", "rooms*, breakfast, service, staff*, beds*, view"),
            "museum": ("", "guided tour, collection, staff*, garden, coffee"),
            "bakery": ("", "bread, cakes*, coffee, service, staff*"),
        },
    ),
    *_kinds(
        PRODUCT,
        "designer designed designed bought bought buy",
        {
            "kettle": ("metal", "handle, lid, finish, switch, instructions*"),
            "lamp": ("metal wood", "light, stand, switch, finish, instructions*"),
            "backpack": ("cloth", "straps*, zips*, pockets*, finish"),
            "radio": ("metal wood", "sound, battery, display, switch, instructions*"),
            "chair": ("metal wood", "seat, legs*, finish, instructions*"),
        },
    ),
)
