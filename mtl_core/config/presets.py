"""Named combinations of sharing, schedule and balancing, as papers used them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mtl_core import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A recipe with a name. It says which methods, never which tasks."""

    name: str
    title: str
    summary: str
    """What it does, in one line."""
    source: str
    sharing: str
    schedule: str
    balancing: str
    schedule_settings: Mapping[str, Any] = field(default_factory=dict)
    first: str = ""
    """Kind of the task that the schedule's setting `first` is to name; "" where it has none."""

    def values(self, tasks: Sequence[str]) -> dict[str, Any]:
        """The config's fields that the preset sets, for these tasks."""
        settings = dict(self.schedule_settings)
        if self.first:
            named = [task for task in tasks if registry.load("tasks", task).kind == self.first]
            settings |= {"first": named[0]} if named and named[0] != tasks[0] else {}
        return {
            "sharing": self.sharing,
            "sharing_settings": {},
            "schedule": self.schedule,
            "schedule_settings": settings,
            "balancing": self.balancing,
            "balancing_settings": {},
        }


PAPER = "Sharma, Understanding Multitask Learning with Transfer Learning"
PRESETS = (
    Preset(
        name="same_domain",
        title="Same domain (paper)",
        summary="One encoder, a head per task; batches of all tasks mixed in proportion to their data.",
        source=PAPER,
        sharing="hard",
        schedule="proportional",
        balancing="sum",
    ),
    Preset(
        name="cross_domain",
        title="Cross domain (paper)",
        summary="One encoder; half of the question answering, then the other tasks, then the rest, each with warm-up.",
        source=PAPER,
        sharing="hard",
        schedule="phases",
        schedule_settings={"rates": "phase"},
        balancing="sum",
        first="span",
    ),
    Preset(
        name="decanlp",
        title="Round robin (decaNLP)",
        summary="One encoder; the tasks take strict turns, whatever their sizes.",
        source="McCann et al. 2018, arxiv.org/abs/1806.08730",
        sharing="hard",
        schedule="round_robin",
        balancing="sum",
    ),
)
