"""Small drawings of what tasks share."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, GAP = 46, 11, 3
"""A block of two tasks, in pixels, and the space between two layers."""
WHOLE = 138
"""All columns together at most: more tasks have narrower blocks."""
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
            between = [x - _space(colors) for x in _columns(colors)[1:]]
            middle = y + (HEIGHT if part == 0 else HEIGHT / 2) / 2  # of what is not shared
            blocks += [_block(x, middle - 1.5, SHARED, 1, _space(colors), 3) for x in between]
        blocks += _row(y, part, colors, strength=0.45)
    tall = (len(layers) + 1) * (HEIGHT + GAP) + 2 * GAP
    size = f'width="{_whole(colors):g}" height="{tall}"'
    box = f'viewBox="0 0 {_whole(colors):g} {tall}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>{"".join(blocks)}</svg>'
    inline = b64encode(svg.encode()).decode()  # streamlit takes bare svg elements out
    fits = 'style="max-width:100%;height:auto"'
    return f'<img alt="{escape(title, quote=True)}" {size} {fits} src="data:image/svg+xml;base64,{inline}">'


def _row(y: float, part: float, colors: Sequence[str], *, strength: float) -> list[str]:
    """The blocks of a layer, or of the heads."""
    blocks = []
    if part < 1:
        height = HEIGHT / 2 if part > 0 else HEIGHT
        places = zip(_columns(colors), colors, strict=True)
        blocks += [_block(x, y, color, strength, _width(colors), height) for x, color in places]
    if part > 0:
        height = HEIGHT if part == 1 else HEIGHT / 2
        blocks.append(_block(0, y + HEIGHT - height, SHARED, 0.75, _whole(colors), height))
    return blocks


def _space(colors: Sequence[str]) -> float:
    """Between two columns."""
    return 2 * GAP if len(colors) < 6 else GAP


def _width(colors: Sequence[str]) -> float:
    """Of a task's column."""
    free = WHOLE - (len(colors) - 1) * _space(colors)
    return round(min(WIDTH, max(1, free / len(colors))), 2)


def _columns(colors: Sequence[str]) -> list[float]:
    return [place * (_width(colors) + _space(colors)) for place in range(len(colors))]


def _whole(colors: Sequence[str]) -> float:
    return len(colors) * (_width(colors) + _space(colors)) - _space(colors)


def _block(x: float, y: float, color: str, strength: float, width: float, height: float) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} rx="{min(2.5, width / 3):g}" fill="{color}" fill-opacity="{strength}"/>'
