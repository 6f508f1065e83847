"""Drawings of what tasks share."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

from pages.launch import drawing

COLORS = ["#E69F00", "#0072B2"]


def blocks(layers: list[float], **more: Any) -> list[str]:
    drawn = drawing.sharing(layers, COLORS, "One <encoder>.", **more)
    assert 'alt="One &lt;encoder&gt;."' in drawn
    svg = b64decode(drawn.split("base64,")[1].split('"')[0]).decode()
    return re.findall(r'fill="(#\w+)"', svg)


def test_heads_are_drawn_like_layers() -> None:
    assert blocks([1.0, 1.0]) == [*COLORS, drawing.SHARED, drawing.SHARED]
    assert blocks([1.0], head=1) == [drawing.SHARED] * 2
    assert blocks([1.0], head=0.5) == [*COLORS, drawing.SHARED, drawing.SHARED]


def test_what_is_not_shared_is_drawn_once_a_task() -> None:
    assert blocks([0.0]) == [*COLORS, *COLORS]


def test_what_is_shared_in_part_is_drawn_as_both() -> None:
    assert blocks([0.5]) == [*COLORS, *COLORS, drawing.SHARED]


def test_layers_that_are_mixed_are_joined() -> None:
    assert blocks([0.0], linked=True) == [*COLORS, drawing.SHARED, *COLORS]
