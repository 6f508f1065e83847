"""One HTML page that needs nothing but itself: styles, scripts and figures are in it, and nothing is fetched."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from mtl_core.charts import theme
from mtl_core.studies.proof import page as proof
from mtl_core.studies.views import Picture

HERE = Path(__file__).parent
PROOF = HERE.parent / "proof"


class Page:
    """Collects what a page shows, in its order."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._body: list[str] = []
        self._pictures: list[Picture] = []
        self._record: Mapping[str, Any] | None = None

    def add(self, html: str) -> None:
        """HTML whose texts are escaped already."""
        self._body.append(html)

    def say(self, text: str, kind: str = "") -> None:
        """A paragraph of plain text; `kind` is a class of the style sheet."""
        self.add(f"<p class='{kind}'>{text_html(text)}</p>")

    def draw(self, picture: Picture, badge: str = "") -> None:
        """A figure with its title and HTML beside it; who can't see it reads its words."""
        self.add(
            f"<figure><figcaption>{escape(picture.title)}{badge}</figcaption>"
            f"<div class=drawing role=img aria-label='{escape(picture.alt)}' data-figure={len(self._pictures)} "
            f"style='height:{picture.height}px'></div><noscript>{escape(picture.alt)}</noscript></figure>"
        )
        self._pictures.append(picture)

    def carry(self, record: Mapping[str, Any]) -> None:
        """The record that the page's verdicts are computed from again, in the browser and by `verify`."""
        self._record = record

    def html(self) -> str:
        """The whole document."""
        scripts = _scripts(self._pictures) + _proof(self._record)
        return proof.sealed(
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">'
            "<meta name=viewport content='width=device-width, initial-scale=1'>"
            f"<title>{escape(self._title)}</title><style>{(HERE / 'report.css').read_text('utf-8')}</style></head>\n"
            f"<body><main>{''.join(self._body)}</main>\n{self._data()}"
            + "".join(f"<script>{script}</script>\n" for script in scripts)
            + "</body></html>\n"
        )

    def _data(self) -> str:
        drawn = [{**theme.drawable(picture.figure), "height": picture.height} for picture in self._pictures]
        return (_json("figures", drawn) if drawn else "") + (_json(proof.RECORD, self._record) if self._record else "")


def text_html(text: str) -> str:
    """Plain text as HTML, its line breaks kept."""
    return escape(text).replace("\n", "<br>")


def _scripts(pictures: Sequence[Picture]) -> list[str]:
    """plotly's own script from its package, and what draws with it; none where there is nothing to draw."""
    if not pictures:
        return []
    from plotly.offline import get_plotlyjs

    return [get_plotlyjs(), theme.SCRIPT.read_text("utf-8") + (HERE / "report.js").read_text("utf-8")]


def _proof(record: Mapping[str, Any] | None) -> list[str]:
    """The script that computes the verdicts again, and shows what came out; none where there are none."""
    if record is None:
        return []
    return ["".join((PROOF / name).read_text("utf-8") for name in ("recompute.js", "show.js"))]


def _json(name: str, document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")  # no text in it may end the element
    return f"<script type='application/json' id={name}>{text}</script>\n"


def _policy(scripts: Sequence[str]) -> str:
    """Only these scripts run, and nothing is loaded from anywhere."""
    hashes = [f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]
    allowed = " ".join(hashes) or "'none'"
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:"
