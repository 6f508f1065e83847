"""Makes the generated sample: reviews, pairs, questions, causes and names of one small world, the same at every call.

Dev speaks of people, places and things that training never names, and uses some words that it never has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from tests.data.generator import causes, entities, inference, questions, reviews
from tests.data.generator.world import make

SIZES = {"train": 4000, "dev": 500}
"""Examples of each task."""


def files() -> dict[str, bytes]:
    """What each file holds, by its path in the layout of the official files."""
    return {
        "SST-2/train.tsv": sst2("train"),
        "SST-2/dev.tsv": sst2("dev"),
        "MNLI/train.tsv": mnli("train"),
        "MNLI/dev_matched.tsv": mnli("dev"),
        "SQuAD/train-v1.1.json": squad("train"),
        "SQuAD/dev-v1.1.json": squad("dev"),
        "COPA/train.jsonl": copa("train"),
        "COPA/val.jsonl": copa("dev"),
        "conll2003/train.txt": conll("train"),
        "conll2003/valid.txt": conll("dev"),
    }


def sst2(split: str) -> bytes:
    """Reviews, positive or negative."""
    found = reviews.rows(make(split), SIZES[split], taken=_taken(split))
    return _tsv(("sentence", "label"), ((text, str(int(positive))) for text, positive in found))


def mnli(split: str) -> bytes:
    """Premises and hypotheses."""
    found = inference.rows(make(split), SIZES[split])
    return _tsv(("sentence1", "sentence2", "gold_label"), ((*pair, label) for pair, label in found))


def squad(split: str) -> bytes:
    """Passages and what is asked of them, each an article of one paragraph: no two have a subject in common."""
    paragraphs: list[dict[str, Any]] = [
        {
            "context": context,
            "qas": [
                {
                    "question": asked.question,
                    "answers": [{"text": answer.text, "answer_start": answer.start} for answer in asked.answers],
                }
                for asked in together
            ],
        }
        for context, together in groupby(questions.rows(make(split), SIZES[split]), attrgetter("context"))
    ]
    articles = [{"title": f"Generated {number}", "paragraphs": [own]} for number, own in enumerate(paragraphs, 1)]
    document = {"version": "1.1", "data": articles}
    return f"{json.dumps(document, ensure_ascii=False)}\n".encode()


def copa(split: str) -> bytes:
    """Premises, and two options of what was their cause or effect."""
    found = causes.rows(make(split), SIZES[split])
    rows = [
        {
            "premise": one.premise,
            "choice1": one.options[0],
            "choice2": one.options[1],
            "question": one.question,
            "label": one.right,
            "idx": number,
        }
        for number, one in enumerate(found)
    ]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def conll(split: str) -> bytes:
    """Sentences with a tag a word, in CoNLL's columns; those of part of speech and chunk are empty."""
    taken = frozenset[str]()
    if split != "train":  # a sentence without a name may come out alike
        taken = frozenset(map(entities.text_of, entities.rows(make("train"), SIZES["train"])))
    found = entities.rows(make(split), SIZES[split], taken)
    sentences = ["".join(f"{word} - - {tag}\n" for word, tag in tagged) for tagged in found]
    return "\n".join(["-DOCSTART- -X- -X- O\n", *sentences]).encode()


def _tsv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in (header, *rows)).encode()


def _taken(split: str) -> frozenset[str]:
    """Reviews that need not name their thing may come out alike: dev leaves out those of train."""
    if split == "train":
        return frozenset()
    return frozenset(text for text, _ in reviews.rows(make("train"), SIZES["train"]))
