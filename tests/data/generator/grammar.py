"""The little English that all texts need: articles, capitals, sentences, and lists of words."""

from __future__ import annotations

from collections.abc import Sequence

VOWELS = frozenset("aeiou")
EXCEPTIONS = {"one": "a", "useful": "a", "useless": "a", "hour": "an", "honest": "an"}


def a(phrase: str) -> str:
    """The phrase with its article: "an oak chair"."""
    first = phrase.split(" ", 1)[0].lower()
    return f"{EXCEPTIONS.get(first, 'an' if first[0] in VOWELS else 'a')} {phrase}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop, unless it ends in a stop of its own."""
    text = capital(text)
    return text if text[-1] in ".!?" else f"{text}."


def capital(text: str) -> str:
    """The text with its first letter large and the others as they are."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Names as a list in a sentence: "Ana, Ben and Cem"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def words(text: str) -> tuple[str, ...]:
    """The words of a text, for tables."""
    return tuple(text.split())


def lines(text: str) -> tuple[str, ...]:
    """The phrases of a text that has one on each line, for tables."""
    return tuple(line.strip() for line in text.strip().splitlines())
