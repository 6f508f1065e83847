"""Runs of a study as tables in HTML: what they cost before they start, and how they stand."""

from __future__ import annotations

from html import escape

from mtl_core.display import formats
from mtl_core.services.study_cost import ArmCost, Cost
from pages.shared import parts

HEADS = ("condition", "", "tasks", "epochs", "steps", "seeds", "time per run")
NUMBERS = ("epochs", "steps", "time per run")


def costs(cost: Cost) -> str:
    """A row an arm, with its seeds; those whose run exists already say so."""
    head = "".join(f"<th scope='col'{_right(name)}>{name}</th>" for name in HEADS)
    body = "".join(_arm(one) for one in cost.arms)
    table = f"<table class='results'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return parts.scrolling(table)


def _arm(one: ArmCost) -> str:
    config = one.arm.config
    cells = {
        "": badge("baseline") if one.arm.baseline else badge("merged") if config.merging else "",
        "tasks": escape(" + ".join(config.tasks)),
        "epochs": "–" if config.merging else f"{config.epochs:.3g}",
        "steps": f"{one.steps:,}",
        "seeds": _seeds(one),
        "time per run": formats.duration(one.seconds) if one.seconds is not None else "–",
    }
    rest = "".join(f"<td{_right(name)}>{text}</td>" for name, text in cells.items())
    return f"<tr><th scope='row' class='fixed'>{escape(one.arm.name)}</th>{rest}</tr>"


def _seeds(one: ArmCost) -> str:
    """ "1 reused, 2, 3"."""
    mark = " <span class='small'>reused</span>"
    return ", ".join(f"{seed}{mark if seed in one.reused else ''}" for seed in one.seeds)


def badge(text: str) -> str:
    """A small word in a box."""
    return f"<span class='results-badge'>{escape(text)}</span>"


def _right(name: str) -> str:
    return " class='score'" if name in NUMBERS else ""
