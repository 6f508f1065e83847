"""A report's file taken apart: its record, and the words that a reader sees beside each verdict."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mtl_core.errors import Fault, InvalidConfig
from mtl_core.studies.proof.record import FORMAT

RECORD = "record"
"""The id of the element with the record."""
END = re.compile(r"<!-- sha256 ([0-9a-f]{64}) -->\n?\Z")
MADE = "Made by Tandem"
VOID = frozenset({"meta", "br", "img"})


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as it was read."""

    record: dict[str, Any]
    words: dict[str, str]
    """The texts of the elements that say something to be checked, by the name that they have in `data-says`."""
    intact: bool | None
    """Whether the file is as it was written, by the hash in its last line; None where that line is missing."""


def sealed(html: str) -> str:
    """A whole page with a last line that tells whether it is all there and as it was written."""
    return f"{html}<!-- sha256 {sha256(html.encode()).hexdigest()} -->\n"


def read(path: Path) -> ReportFile:
    """Takes a report apart. Raises InvalidConfig for a file that is none, or one without a record that can be read."""
    try:
        text = path.expanduser().read_bytes().decode("utf-8")  # line ends as they are: the hash is of them too
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else "it is not text"
        raise _refused(f"can't read {path}: {reason}.") from error
    if MADE not in text and f"id={RECORD}" not in text:
        raise _refused(f"{path} is not a report of a study. `export STUDY --output report.html` makes one.")
    end = END.search(text)
    parser = _Parser()
    parser.feed(text)
    intact = sha256(text[: end.start()].encode()).hexdigest() == end[1] if end else None
    return ReportFile(_record(path, parser, bool(end)), parser.words(), intact)


def _record(path: Path, parser: _Parser, ended: bool) -> dict[str, Any]:
    if parser.record is None:
        earlier = "It was made by an earlier version of Tandem: export it again."
        raise _refused(f"{path} has no record of its scores. {'It was edited.' if ended else earlier}")
    try:
        found = json.loads(parser.record)
        version, by = found["format"], found["tandem"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused(
            f"{path} is cut off or was edited: its record can't be read ({error}). Get the file again."
        ) from error
    if version != FORMAT:
        raise _refused(f"{path} was made by Tandem {by}, in the format {version}; this version reads {FORMAT}.")
    return dict(found)


def _refused(words: str) -> InvalidConfig:
    return InvalidConfig([Fault("report", words)])


@dataclass
class _Parser(HTMLParser):
    """Collects the record, and the texts of elements with `data-says`."""

    record: str | None = None
    found: dict[str, list[str]] = field(default_factory=dict)
    open: list[tuple[str, str]] = field(default_factory=list)
    """Elements that are open: the tag, and what it says or ""."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        if tag in VOID:
            return
        given = dict(attrs)
        is_record = tag == "script" and given.get("id") == RECORD
        self.open.append((tag, RECORD if is_record else given.get("data-says") or ""))
        if is_record:
            self.record = ""

    def handle_endtag(self, tag: str) -> None:
        """Closes the innermost element of that name."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        """A text belongs to all elements around it that say something."""
        for tag, says in self.open:
            if says == RECORD and tag == "script":
                self.record = (self.record or "") + data
            elif says:
                self.found.setdefault(says, []).append(data)

    def words(self) -> dict[str, str]:
        """Texts by name, with single blanks."""
        return {says: " ".join("".join(texts).split()) for says, texts in self.found.items()}
