"""Makes the generated sample: reviews, pairs, questions, causes, names and feelings of one small world, the same at
every call.

Dev speaks of people, places and things that training never names, and uses some words that it never has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from mtl_core.tasks.go_emotions import GO_EMOTIONS
from tests.data.generator import causes, entities, feelings, inference, likeness, questions, reviews
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
        "SQuAD/train-v2.0.json": squad_v2("train"),
        "SQuAD/dev-v2.0.json": squad_v2("dev"),
        "STS-B/train.tsv": stsb("train"),
        "STS-B/dev.tsv": stsb("dev"),
        "GoEmotions/train.tsv": go_emotions("train"),
        "GoEmotions/dev.tsv": go_emotions("dev"),
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
    return _articles("1.1", questions.rows(make(split), SIZES[split]))


def squad_v2(split: str) -> bytes:
    """The same with questions that have no answer."""
    return _articles("2.0", questions.rows_with_none(make(split), SIZES[split]))


def _articles(version: str, found: Iterable[questions.Asked]) -> bytes:
    paragraphs: list[dict[str, Any]] = [
        {
            "context": context,
            "qas": [
                {
                    "question": asked.question,
                    **({} if version == "1.1" else {"is_impossible": not asked.answers}),
                    "answers": [{"text": answer.text, "answer_start": answer.start} for answer in asked.answers],
                }
                for asked in together
            ],
        }
        for context, together in groupby(found, attrgetter("context"))
    ]
    articles = [{"title": f"Generated {number}", "paragraphs": [own]} for number, own in enumerate(paragraphs, 1)]
    document = {"version": version, "data": articles}
    return f"{json.dumps(document, ensure_ascii=False)}\n".encode()


def stsb(split: str) -> bytes:
    """Pairs of sentences and how alike they are."""
    found = likeness.rows(make(split), SIZES[split])
    return _tsv(("sentence1", "sentence2", "score"), ((*pair, f"{score:.3f}") for pair, score in found))


def go_emotions(split: str) -> bytes:
    """Comments and the numbers of their feelings, without a header line."""
    numbers = {name: number for number, name in enumerate(GO_EMOTIONS.labels)}
    found = feelings.rows(make(split), SIZES[split])
    rows = [
        (text, ",".join(map(str, sorted(numbers[name] for name in names))), f"{place}")
        for place, (text, names) in enumerate(found)
    ]
    return "".join("\t".join(row) + "\n" for row in rows).encode()


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
