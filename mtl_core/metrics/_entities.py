"""Entities that a row of tags names: runs of words, as the tags' beginnings and kinds say.

Tags are `O`, or a beginning (B, I, E, S) and a kind, as in `B-PER`. An entity begins at B and S, after a word outside,
after E and S, and where the kind changes; so IOB1, IOB2 and IOBES give the same entities, and an I without a B begins
one.

Source: the rules of conlleval (Tjong Kim Sang & De Meulder 2003, aclanthology.org/W03-0419) as seqeval's default mode
has them, written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Entity = tuple[str, int, int]
"""Its kind, its first word and the one after its last."""
OUTSIDE = "O"


def entities(tags: Sequence[str]) -> list[Entity]:
    """All entities of a sentence, in their order."""
    return list(_entities([_parts(tag) for tag in tags]))


def are_entities(labels: Sequence[str]) -> bool:
    """True for tags that name entities, as `O`, `B-PER`, `I-PER` do; not so for parts of speech."""
    marked = [label for label in labels if label != OUTSIDE]
    return OUTSIDE in labels and bool(marked) and all(label[:2] in ("B-", "I-", "E-", "S-") for label in marked)


def _parts(tag: str) -> tuple[str, str]:
    """Beginning and kind: ("B", "PER"). A tag without a kind has none: ("B", "")."""
    begin, _, kind = tag.partition("-")
    return (begin, kind) if begin in ("B", "I", "E", "S") else (OUTSIDE, "")


def _entities(parts: Sequence[tuple[str, str]]) -> Iterator[Entity]:
    start: int | None = None
    before = (OUTSIDE, "")
    for place, now in enumerate((*parts, (OUTSIDE, ""))):
        if start is not None and _ends(before, now):
            yield before[1], start, place
            start = None
        if _begins(before, now):
            start = place
        before = now


def _ends(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """True if an entity ends between two words of which the first is in one."""
    return before[0] in ("E", "S") or now[0] in ("B", "S", OUTSIDE) or before[1] != now[1]


def _begins(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """True if the second word begins an entity."""
    if now[0] == OUTSIDE:
        return False
    return now[0] in ("B", "S") or before[0] in ("E", "S", OUTSIDE) or before[1] != now[1]
