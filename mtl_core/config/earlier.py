"""Configs that earlier versions have stored: what their runs did where there was no field for it yet.

For documents that the product itself has written; a config that a person writes has the fields' defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EARLIER: Mapping[str, Any] = {"limit_by": "first", "data_rules": 1}
"""Fields of RunConfig that came later, and what their runs did: not today's default."""
SELDOM_TYPED = frozenset({"name", "data", "stride", "start_from", "head_rate", "eval_every", "device"})
"""Fields that the product writes into every config, empty as they may be, and hardly any person all of them."""


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a run's config as its folder, the index or a study keeps them."""
    return {**EARLIER, **values}


def stored_study(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a study's config: those of its arms. What is no study stays as it is, to be told so."""
    arms = values.get("arms")
    return {**values, "arms": [_arm(arm) for arm in arms]} if isinstance(arms, list) else dict(values)


def _arm(arm: Any) -> Any:
    known = isinstance(arm, dict) and isinstance(arm.get("config"), dict)
    return {**arm, "config": stored(arm["config"])} if known else arm


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a file that may be a stored config or one that a person has written."""
    return stored(values) if set(values) >= SELDOM_TYPED else dict(values)
