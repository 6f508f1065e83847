"""Small drawings of what tasks share."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, GAP = 46, 11, 3
"""A block, in pixels, and the space between two."""
SHARED = "#7A8797"
"""Neither task's colour; seen on light and on dark."""


def sharing(
    layers: Sequence[float], colors: Sequence[str], title: str, *, head: float = 0, linked: bool = False
) -> str:
    """An image element: encoder layers (embeddings at the bottom) under a head per task.

    `layers` says what part of each two tasks share, 0 to 1: a block over all columns is shared, one in
    every column is not, and both are drawn where it is in part; `head` says so of the heads. `linked` joins
    layers that are not shared.
    """
    blocks = _row(0, head, colors, strength=1)
    for place, part in enumerate(reversed(layers), start=1):
        y = place * (HEIGHT + GAP) + 2 * GAP
        if linked and part < 1:
            between = [x - 2 * GAP for x in _columns(colors)[1:]]
            blocks += [_block(x, y + HEIGHT / 2 - 1.5, SHARED, 1, 2 * GAP, 3) for x in between]
        blocks += _row(y, part, colors, strength=0.45)
    tall = (len(layers) + 1) * (HEIGHT + GAP) + 2 * GAP
    size = f'width="{_whole(colors)}" height="{tall}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(blocks)}</svg>'
    inline = b64encode(svg.encode()).decode()  # streamlit takes bare svg elements out
    return f'<img alt="{escape(title, quote=True)}" {size} src="data:image/svg+xml;base64,{inline}">'


def _row(y: float, part: float, colors: Sequence[str], *, strength: float) -> list[str]:
    """The blocks of a layer, or of the heads."""
    blocks = []
    if part < 1:
        height = HEIGHT / 2 if part > 0 else HEIGHT
        places = zip(_columns(colors), colors, strict=True)
        blocks += [_block(x, y, color, strength, height=height) for x, color in places]
    if part > 0:
        height = HEIGHT if part == 1 else HEIGHT / 2
        blocks.append(_block(0, y + HEIGHT - height, SHARED, 0.75, _whole(colors), height))
    return blocks


def _columns(colors: Sequence[str]) -> list[int]:
    return [place * (WIDTH + 2 * GAP) for place in range(len(colors))]


def _whole(colors: Sequence[str]) -> int:
    return len(colors) * (WIDTH + 2 * GAP) - 2 * GAP


def _block(x: float, y: float, color: str, strength: float = 1, width: float = WIDTH, height: float = HEIGHT) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="2.5" fill="{color}" fill-opacity="{strength}"/>'
    )
