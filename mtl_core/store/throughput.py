"""The speed of earlier runs, from which a new one's duration is estimated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mtl_core.config.run import RunConfig
from mtl_core.records import RunState

LATEST = 20
"""Earlier runs that are looked at."""


@dataclass(frozen=True, slots=True)
class Past:
    """The cost of a finished run."""

    config: dict[str, Any]
    seconds: float
    """Wall time of all of it."""
    examples_per_second: float
    """Over its training steps."""
    examples: int
    """Training examples that it drew."""
    tokens: int
    """Their tokens, padding left out."""
    dev: int
    """Dev examples that it was tested on."""
    memory_bytes: int

    @property
    def tokens_per_example(self) -> float:
        """The mean over what it drew."""
        return self.tokens / self.examples

    @property
    def seconds_per_token(self) -> float:
        """Of its training steps."""
        return self.examples / self.examples_per_second / self.tokens


def earlier(index: Database, config: RunConfig, device: str) -> list[Past]:
    """Finished runs with the same encoder, device, precision and attention dropout, the newest first."""
    sql = """
        SELECT runs.config, runs.seconds, runs.examples_per_second, runs.memory_bytes,
            sum(draws.actual_examples) AS examples, sum(draws.actual_tokens) AS tokens,
            (SELECT coalesce(sum(examples), 0) FROM
                (SELECT max(examples) AS examples FROM scores WHERE run = runs.id GROUP BY task)) AS dev
        FROM runs JOIN draws ON draws.run = runs.id
        WHERE runs.state = :state AND runs.encoder = :encoder AND runs.device = :device
            AND runs.seconds > 0 AND runs.examples_per_second > 0
            AND json_extract(runs.config, '$.precision') = :precision
            AND json_extract(runs.config, '$.attention_dropout') IS :attention_dropout
        GROUP BY runs.id HAVING tokens > 0 ORDER BY runs.ended DESC LIMIT :latest
    """
    wanted = {
        "state": RunState.FINISHED,
        "encoder": config.encoder,
        "device": device,
        "precision": config.precision,
        "attention_dropout": config.attention_dropout,
        "latest": LATEST,
    }
    return [_past(row) for row in index.query(sql, wanted)]


def _past(row: dict[str, Any]) -> Past:
    return Past(**{**row, "config": json.loads(row["config"]), "memory_bytes": row["memory_bytes"] or 0})
