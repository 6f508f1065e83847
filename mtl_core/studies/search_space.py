"""What tuning may change of an arm, and within which bounds. Plain values: the tuner draws from them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mtl_core.config.methods import Catalogue
from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm, StudyConfig

LOWER_RATE, HIGHER_RATE = 5.0, 4.0
"""The learning rate's bounds, in times the designed one: 5e-5 is searched from 1e-5 to 2e-4."""
EPOCHS = 2.0
"""Epochs are searched from half to twice the designed ones; in the mean of a log-uniform draw that is 1.08 times."""
WARMUP = 0.2
"""Warm-up is searched from 0 to this share, to twice the designed one where that is more."""
SETTING = 4.0
"""A method's setting is searched from a quarter to four times the designed one."""
SHARE = 0.4
"""A method's setting between 0 and 1 is searched so far to both sides; one below SMALL by ratios, as any other."""
SMALL = 0.1
INSET = 0.01
"""Where a bound itself is excluded, the search keeps this part of the whole range away from it."""
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """A setting's search range."""

    low: float
    high: float
    base: float
    """The designed value, within the range."""
    log: bool = False
    """Drawn by ratios, not by differences."""
    whole: bool = False

    def fitted(self, value: float) -> float | int:
        """A drawn value, shortened to three digits and kept within the range."""
        near = round(value) if self.whole else float(f"{value:.{DIGITS}g}")
        return type(near)(min(max(near, self.low), self.high))


def search_space(study: StudyConfig, arm: Arm, catalogue: Catalogue) -> dict[str, Bounds]:
    """Bounds by flat setting: learning rate, epochs, warm-up, and the numeric settings of the arm's methods."""
    config = arm.untuned.config
    rate, epochs = config.learning_rate, config.epochs
    found = {
        "learning_rate": _around(rate, rate / LOWER_RATE, min(rate * HIGHER_RATE, 1.0)),
        "epochs": _around(epochs, epochs / EPOCHS, min(epochs * EPOCHS, 1000.0)),
        "warmup": Bounds(0.0, max(WARMUP, min(2 * config.warmup, (1 + config.warmup) / 2)), config.warmup),
    }
    if len(config.tasks) > 1:
        asked = _asked_about(study, arm)
        settings = dict(_settings(config, catalogue))
        found |= {name: bounds for name, bounds in settings.items() if name not in asked}
    return {name: bounds for name, bounds in found.items() if bounds.low < bounds.high}


def _around(base: float, low: float, high: float) -> Bounds:
    """A range by ratios whose ends are short numbers."""
    return Bounds(min(_short(low), base), max(_short(high), base), base, log=True)


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _settings(config: RunConfig, catalogue: Catalogue) -> Iterator[tuple[str, Bounds]]:
    for family, field in (("sharing", "sharing"), ("schedules", "schedule"), ("balancing", "balancing")):
        method = catalogue[family].get(getattr(config, field))
        for name, schema in (method.properties if method else {}).items():
            value = getattr(config, f"{field}_settings").get(name, schema.get("default"))
            bounds = setting_bounds(schema, value)
            if bounds is not None:
                yield f"{field}_settings.{name}", bounds


def setting_bounds(schema: Mapping[str, Any], value: Any) -> Bounds | None:
    """The range of a method's setting by its JSON schema; None for one that is not searched.

    Not searched are choices, switches and texts, what its method keeps out (`"tune": false`), and a number that
    stands at 0 and is no share: it is switched off there, and how far "on" would reach is not known.
    """
    if schema.get("type") not in ("number", "integer") or "enum" in schema or schema.get("tune") is False:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    least, most = _limits(schema)
    whole = schema["type"] == "integer"
    if not whole and least == 0 and most == 1 and not 0 < value < SMALL:
        low, high = max(_inside(schema, "exclusiveMinimum", 0.0, INSET), value - SHARE), value + SHARE
        high = min(_inside(schema, "exclusiveMaximum", 1.0, 1 - INSET), high)
        return Bounds(min(_short(low), value), max(_short(high), value), value)
    if value <= 0:
        return None
    low, high = max(value / SETTING, least), min(value * SETTING, most)
    if whole:
        return Bounds(max(1, math.ceil(low)), math.floor(high), value, log=True, whole=True)
    return _around(value, low, high)


def _limits(schema: Mapping[str, Any]) -> tuple[float, float]:
    least = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf))
    return float(least), float(schema.get("maximum", schema.get("exclusiveMaximum", math.inf)))


def _inside(schema: Mapping[str, Any], excluded: str, limit: float, near: float) -> float:
    """The limit itself, or a little inside of it where the limit is excluded."""
    return near if excluded in schema else limit


def _asked_about(study: StudyConfig, arm: Arm) -> set[str]:
    """Settings in which arms of the same method differ by design: they are the question, so tuning leaves them."""
    own, found = arm.untuned.config, set[str]()
    for other in (one.untuned.config for one in study.arms if one.name != arm.name):
        for field in ("sharing", "schedule", "balancing"):
            if len(other.tasks) > 1 and getattr(own, field) == getattr(other, field):
                ours, theirs = getattr(own, f"{field}_settings"), getattr(other, f"{field}_settings")
                names = ours.keys() | theirs.keys()
                found |= {f"{field}_settings.{name}" for name in names if ours.get(name) != theirs.get(name)}
    return found
