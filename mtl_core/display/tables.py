"""A table of plain text that reads the same on a page, in a spreadsheet, in Markdown, LaTeX and HTML."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from io import StringIO

from mtl_core.display.latex import PACKAGES, latex

NUMBER = re.compile(r"[+\N{MINUS SIGN}±-]?\d[\d,]*(\.\d+)?")
NUMBERLIKE = re.compile(r"[+\N{MINUS SIGN}±<\[-]*\s?\d[^a-z]*|–|")
"""A number with what may stand around it: a sign, an interval, a mark."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDE = 8
"""Columns that a page of a paper has room for in letters of the usual size."""
MARKDOWN = re.compile(r"[\\`*_<|]|\](?=\()")


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are read: rounded, with signs, marks and badges."""

    title: str
    """Empty: none."""
    columns: tuple[str, ...]
    """Headers, with the unit where a column has one."""
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    """Sentences under the table."""
    align: str = ""
    """A letter a column, "l" for words and "r" for numbers; empty: seen from the cells."""
    once: tuple[str, ...] = ()
    """Columns that become a note where all rows agree; only CSV always has them."""

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.rows} | ({len(self.align)} if self.align else set())
        if widths - {len(self.columns)}:
            raise ValueError(f"a table of {len(self.columns)} columns got rows or alignments of {sorted(widths)}")

    @property
    def alignment(self) -> str:
        """A letter a column, "l" or "r"."""
        if self.align or not self.rows:
            return self.align or "l" * len(self.columns)
        columns = zip(*self.rows, strict=True)
        return "".join("r" if any(cells) and all(map(NUMBERLIKE.fullmatch, cells)) else "l" for cells in columns)

    @property
    def folded(self) -> Table:
        """The table as people read it: what `once` names and all rows agree in stands under it."""
        columns = list(zip(self.columns, self.alignment, *self.rows, strict=True))
        same = {name: cells[0] for name, _, *cells in columns if name in self.once and len(set(cells)) == 1}
        kept = [column for column in columns if column[0] not in same]
        names, letters, *rows = zip(*kept, strict=True)
        shared = "; ".join(f"{name}: {cell}" for name, cell in same.items() if cell)
        notes = (f"In all rows: {shared}.", *self.notes) if shared else self.notes
        return Table(self.title, names, tuple(rows), notes, "".join(letters))

    def to_csv(self) -> str:
        """Headers and rows alone; numbers as programs read them, and no cell that a spreadsheet would calculate."""
        file = StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([[_csv(cell) for cell in row] for row in (self.columns, *self.rows)])
        return file.getvalue()

    def to_markdown(self) -> str:
        """With the title in bold above it and the notes as a list under it."""
        read = self.folded
        rules = tuple("---:" if letter == "r" else "---" for letter in read.align)
        rows = [_each(_markdown, read.columns), rules, *(_each(_markdown, row) for row in read.rows)]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        notes = "\n".join(f"- {_markdown(note)}" for note in read.notes)
        title = f"**{_markdown(self.title)}**" if self.title else ""
        return "\n\n".join(part for part in (title, table, notes) if part) + "\n"

    def to_latex(self) -> str:
        """A `table` with booktabs' rules that plain pdflatex compiles; its first line names the packages."""
        read = self.folded
        head, *rows = (f"    {' & '.join(_each(latex, row))} \\\\" for row in (read.columns, *read.rows))
        notes = [rf"  \par\smallskip\footnotesize {latex(note)}" for note in read.notes]
        caption = [rf"  \caption{{{latex(self.title)}}}"] if self.title else []
        small = [r"  \footnotesize\setlength{\tabcolsep}{3pt}"] if len(read.columns) > WIDE else []
        return "\n".join(
            [
                *(PACKAGES, r"\begin{table}[ht]", r"  \centering"),
                *(*caption, *small, rf"  \begin{{tabular}}{{{read.align}}}", r"    \toprule", head, r"    \midrule"),
                *(*rows, r"    \bottomrule", r"  \end{tabular}", *notes, r"\end{table}", ""),
            ]
        )

    def to_html(self) -> str:
        """A `table` element, notes in a list after it; cells of numbers have the class `number`."""
        read = self.folded
        tags = ["<th scope=col{}>{}</th>", *["<td{}>{}</td>"] * len(read.rows)]
        classes = [" class=number" if letter == "r" else "" for letter in read.align]
        head, *rows = (
            "<tr>" + "".join(tag.format(name, _html(cell)) for name, cell in zip(classes, row, strict=True)) + "</tr>"
            for tag, row in zip(tags, (read.columns, *read.rows), strict=True)
        )
        notes = "".join(f"<li>{_html(note)}</li>" for note in read.notes)
        listed = f"<ul class=notes>{notes}</ul>" if notes else ""
        body = f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody>"
        return f"<table><caption>{_html(self.title)}</caption>{body}</table>{listed}"


def _each(change: Callable[[str], str], cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(change(cell) for cell in cells)


def _csv(cell: str) -> str:
    if NUMBER.fullmatch(cell):
        return cell.replace(",", "").replace("\N{MINUS SIGN}", "-").lstrip("+±")
    return harmless(cell)


def harmless(cell: str) -> str:
    """A cell in apostrophes where a spreadsheet would calculate it."""
    return f"'{cell}'" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def _markdown(text: str) -> str:
    return MARKDOWN.sub(r"\\\g<0>", text).replace("\r", "").replace("\n", " ")


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
