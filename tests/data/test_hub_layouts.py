"""Every built-in task on a tiny data set in the layout that the hub has, from a hub on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from mtl_core import registry
from tests.data.test_hub import ASK, CONTEXT, ROOT, dataset
from tests.hub_server import serving

PAIR = {"sentence1": "One.", "sentence2": "Two.", "label": 1, "idx": 0}
ENTAILMENT = ["entailment", "not_entailment"]
INFERENCE = ["entailment", "neutral", "contradiction"]
FALSE_OR_TRUE = ["False", "True"]
COPA = {"premise": "It rained.", "choice1": "Wet.", "choice2": "Dry.", "question": "effect", "idx": 0, "label": 1}
WIC = {"word": "bank", "sentence1": "a bank", "sentence2": "banks", "start1": 0, "start2": 0, "end1": 4, "end2": 4}
BOOLQ = {"question": "is it", "passage": "It is.", "idx": 0, "label": 1}
COMMITMENT = ["entailment", "contradiction", "neutral"]
BRIDGE = {"id": "a", "title": "Bridges", "context": CONTEXT}
ANSWERED = {**BRIDGE, "question": "When?", "answers": {"text": ["1889"], "answer_start": [24]}}
UNANSWERED = {**BRIDGE, "question": "Who?", "answers": {"text": [], "answer_start": []}}
WORDS = {"id": "0", "tokens": ["EU", "rejects"], "pos_tags": [22, 42], "chunk_tags": [11, 21], "ner_tags": [2, 8]}
TAGS = ["I-MISC", "B-MISC", "B-ORG", "I-LOC", "B-LOC", "I-ORG", "I-PER", "B-PER", "O"]
"""Numbered in an order of its own, as a copy on the hub may be."""

Table = tuple[list[dict[str, Any]], list[str]]
HUB: dict[str, dict[str, Table]] = {
    "nyu-mll/glue": {
        "sst2": ([{"sentence": "a film ", "label": 1, "idx": 0}], ["negative", "positive"]),
        "cola": ([{"sentence": "Them is.", "label": 1}], ["unacceptable", "acceptable"]),
        "mnli": ([{"premise": "He eats.", "hypothesis": "He reads.", "label": 1, "idx": 0}], INFERENCE),
        "mrpc": ([PAIR], ["not_equivalent", "equivalent"]),
        "qqp": ([{"question1": "How?", "question2": "Why?", "label": 1, "idx": 0}], ["not_duplicate", "duplicate"]),
        "qnli": ([{"question": "Where?", "sentence": "There.", "label": 1, "idx": 0}], ENTAILMENT),
        "rte": ([PAIR], ENTAILMENT),
        "wnli": ([PAIR], ["not_entailment", "entailment"]),
        "stsb": ([{**PAIR, "label": 4.5}], []),
    },
    "stanfordnlp/snli": {
        "plain_text": ([{"premise": "He eats.", "hypothesis": "He reads.", "label": 1}], INFERENCE),
    },
    "aps/super_glue": {
        "boolq": ([BOOLQ], FALSE_OR_TRUE),
        "cb": ([{"premise": "I know.", "hypothesis": "so", "idx": 0, "label": 1}], COMMITMENT),
        "wic": ([{**WIC, "idx": 0, "label": 1}], FALSE_OR_TRUE),
        "copa": ([COPA], ["choice1", "choice2"]),
    },
    "rajpurkar/squad": {"plain_text": ([ANSWERED], [])},
    "rajpurkar/squad_v2": {"squad_v2": ([ANSWERED, UNANSWERED], [])},
    "google-research-datasets/go_emotions": {
        "simplified": ([{"text": "Thanks, so glad!", "labels": [15, 17], "id": "ed00q6i"}], [])
    },
    "tomaarsen/conll2003": {"conll2003": ([WORDS], [])},
}
ANSWER = [["When?", CONTEXT], [{"text": "1889", "start": 24}]]
READ: dict[str, list[Any]] = {
    "sst2": [[["a film"], 1]],
    "cola": [[["Them is."], 1]],
    "mnli": [[["He eats.", "He reads."], 1]],
    "snli": [[["He eats.", "He reads."], 1]],
    "mrpc": [[["One.", "Two."], 1]],
    "qqp": [[["How?", "Why?"], 1]],
    "qnli": [[["Where?", "There."], 1]],
    "rte": [[["One.", "Two."], 1]],
    "wnli": [[["One.", "Two."], 1]],
    "stsb": [[["One.", "Two."], 4.5]],
    "boolq": [[["It is.", "is it"], 1]],
    "cb": [[["I know.", "so"], 1]],
    "wic": [[["bank", "a bank", "banks"], 1]],
    "copa": [[["It rained.", "effect", "Wet.", "Dry."], 1]],
    "squad": [ANSWER],
    "squad_v2": [ANSWER, [["Who?", CONTEXT], []]],
    "go_emotions": [[["Thanks, so glad!"], [15, 17]]],
    "conll2003": [[["EU rejects"], [3, 0]]],
}


def test_every_built_in_task_from_the_hub(tmp_path: Path) -> None:
    for repository, configurations in HUB.items():
        tables = {name: (_splits(name, rows), labels) for name, (rows, labels) in configurations.items()}
        dataset(tmp_path / "datasets" / repository, tables)
    _name_tags(tmp_path / "datasets/tomaarsen/conll2003/conll2003")
    with serving(tmp_path) as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", ASK, " ".join(READ), "{}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found == {name: [rows, rows] for name, rows in READ.items()}
    assert sorted(READ) == list(registry.names("tasks"))


def _splits(name: str, rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {"train": rows, "validation_matched" if name == "mnli" else "validation": rows}


def _name_tags(folder: Path) -> None:
    """Gives the tags of the Parquet files their names."""
    from datasets import ClassLabel, Dataset, List

    for path in folder.glob("*.parquet"):
        table = Dataset.from_list([WORDS]).cast_column("ner_tags", List(ClassLabel(names=TAGS)))
        table.to_parquet(str(path))
