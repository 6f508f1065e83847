"""The words of Tandem: what each means is written in pages/help/words.md alone; pages link to it there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

WORDS = Path(__file__).parents[1] / "help" / "words.md"

OF_FIELDS = {
    "selection_limit": "validation split",
    "eval_every": "validation split",
    "eval_limit": "dev set",
    "epochs": "epoch",
    "head_layers": "head",
    "head_rate": "head",
    "warmup": "warm-up",
    "teachers": "teacher",
    "merge_from": "merging",
    "start_from": "checkpoint",
    "seeds": "seed",
}
"""Fields of forms, and the word that each is about where that is not its own name."""


@cache
def words() -> dict[str, str]:
    """Each word with what it means, in the order of the file, which is the alphabet's."""
    parts = WORDS.read_text("utf-8").removeprefix("## ").split("\n## ")
    return {name.strip(): meaning.strip() for name, _, meaning in (part.partition("\n") for part in parts)}


def anchor(name: str) -> str:
    """The place of a word on the Help page: "validation-split"."""
    return name.replace(" ", "-")


def term(name: str, shown: str = "") -> str:
    """A link to a word's meaning, as markdown; it opens beside the page. Raises KeyError for an unknown one."""
    if name not in words():
        raise KeyError(f"'{name}' is not in {WORDS.name}")
    return f"[{shown or name}](help?word={anchor(name)})"


def explained(help_text: str | None, name: str) -> str | None:
    """A field's help with a link to the word behind it, where it has one: `name` is a field of a form, or a word."""
    word = OF_FIELDS.get(name, name)
    return f"{help_text or ''} {term(word, 'More')}".lstrip() if word in words() else help_text


def asked(place: str) -> str:
    """The word with this anchor; "" where there is none."""
    return next((name for name in words() if anchor(name) == place), "")
