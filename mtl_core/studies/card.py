"""A run card: a study's config and what it was made with, from which it can be run again elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from mtl_core import __version__, registry
from mtl_core.config import study as study_config
from mtl_core.config import typed
from mtl_core.config.earlier import stored_study
from mtl_core.config.study import StudyConfig
from mtl_core.disk.json_text import parsed
from mtl_core.errors import Fault, InvalidConfig, unknown_name
from mtl_core.store.studies import Study

FORMAT = 1
"""Raised when a card of an earlier version can't be read any more."""
FAMILIES = {"sharing": "sharing", "schedule": "schedules", "balancing": "balancing"}


def card(study: Study) -> str:
    """The card as JSON text."""
    document = {
        "tandem": __version__,
        "card": FORMAT,
        "study": study.id,
        "config": study.config.model_dump(mode="json"),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> StudyConfig:
    """The study of a card's file. Raises InvalidConfig as `parse` does, and for a file that can't be read."""
    try:
        return parse(typed.path(str(path)).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfig([Fault("from", f"can't read {path}: {error}.")]) from error


def parse(text: str) -> StudyConfig:
    """The study of a card. Raises InvalidConfig with every fault: no card, another version, unknown names."""
    try:
        document = parsed(text)
    except ValueError as error:
        raise InvalidConfig(
            [Fault("from", f"this is not valid JSON: {error}. Give a run card that Tandem has made.")]
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("config"), dict) or "card" not in document:
        raise InvalidConfig([Fault("from", "this is not a run card. Give one that Tandem has made.")])
    if document["card"] != FORMAT:
        words = f"this card has the format {document['card']}, made by Tandem {document.get('tandem', '?')}; "
        raise InvalidConfig([Fault("from", f"{words}this is {__version__}, which reads format {FORMAT}.")])
    config = study_config.parse(stored_study(document["config"]))
    unknown = _unknown(config)
    if unknown:
        raise InvalidConfig(unknown)
    return config


def _unknown(config: StudyConfig) -> list[Fault]:
    """Tasks and methods that are not registered here, each once."""
    faults = {}
    for arm in config.arms:
        asked = [("tasks", "tasks", task) for task in arm.config.tasks]
        asked += [(field, family, getattr(arm.config, field)) for field, family in FAMILIES.items()]
        asked += [("merging", "merging", arm.config.merging)] if arm.config.merging else []
        for field, family, name in asked:
            if name not in registry.names(family):
                message = unknown_name(registry.SINGULAR[family], name, registry.names(family))
                faults[field, name] = Fault(field, message)
    return list(faults.values())
