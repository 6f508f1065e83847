"""Drawings of what tasks share."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

import pytest

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


@pytest.mark.parametrize("tasks", range(2, 11))
def test_any_number_of_tasks_fits_into_a_card_without_overlap(tasks: int) -> None:
    drawn = drawing.sharing([1.0, 0.5, 0.0], [*COLORS, *COLORS, *COLORS, *COLORS, *COLORS][:tasks], "", linked=True)
    assert 'style="max-width:100%;height:auto"' in drawn
    svg = b64decode(drawn.split("base64,")[1].split('"')[0]).decode()
    whole = float(re.findall(r'width="([\d.]+)"', svg)[0])
    assert whole <= drawing.WHOLE + 0.1
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    boxes = [tuple(map(float, box)) for box in found]
    assert all(x + width <= whole + 0.1 and width >= 5 for x, _, width, height in boxes if height > 3)
    for place, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[place + 1 :]:
            apart = min(x + width, other_x + other_width) - max(x, other_x) < 0.1
            assert apart or min(y + height, other_y + other_height) - max(y, other_y) < 0.1
