from __future__ import annotations

import csv
import shutil
import subprocess
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from mtl_core.display.latex import latex
from mtl_core.display.tables import Table

TABLE = Table(
    title="Effects",
    columns=("arm", "n", "effect (points)", "95 % interval", "verdict", "data"),
    rows=(
        ("sst2 + mnli", "9,815", "−0.8", "[−1.0, +0.2]", "▲ helps", "hub"),
        ("=cmd|'/c calc'!A1", "872", "±0.0", "–", "? not enough evidence", "hub"),
    ),
    notes=("A & B",),
    once=("data",),
)


def test_csv_has_numbers_that_programs_read_and_nothing_to_calculate() -> None:
    head, first, second = csv.reader(StringIO(TABLE.to_csv()))
    assert head == list(TABLE.columns)
    assert first == ["sst2 + mnli", "9815", "-0.8", "[−1.0, +0.2]", "▲ helps", "hub"]
    assert second == ["'=cmd|'/c calc'!A1'", "872", "0.0", "–", "? not enough evidence", "hub"]
    assert Table("", ("a",), (("+0.8 [+0.2, +1.4]",), ("@x",), ("-x",))).to_csv() == (
        "a\n\"'+0.8 [+0.2, +1.4]'\"\n'@x'\n'-x'\n"
    )


def test_markdown_escapes_and_says_once_what_all_rows_share() -> None:
    assert TABLE.to_markdown().splitlines() == [
        "**Effects**",
        "",
        "| arm | n | effect (points) | 95 % interval | verdict |",
        "| --- | ---: | ---: | ---: | --- |",
        "| sst2 + mnli | 9,815 | −0.8 | [−1.0, +0.2] | ▲ helps |",
        r"| =cmd\|'/c calc'!A1 | 872 | ±0.0 | – | ? not enough evidence |",
        "",
        "- In all rows: data: hub.",
        "- A & B",
    ]
    cell = Table("", ("a",), (("x_y *z* `b` <i> [t](u)\nnext",),)).to_markdown().splitlines()[-1]
    assert cell == r"| x\_y \*z\* \`b\` \<i> [t\](u) next |"


def test_latex_has_rules_of_booktabs_and_no_bare_characters() -> None:
    lines = TABLE.to_latex().splitlines()
    assert lines[0] == r"% needs \usepackage{booktabs} and \usepackage{amssymb}"
    assert r"  \begin{tabular}{lrrrl}" in lines
    assert r"    sst2 + mnli & 9,815 & $-$0.8 & {[}$-$1.0, +0.2{]} & $\blacktriangle$ helps \\" in lines
    assert r"  \par\smallskip\footnotesize A \& B" in lines
    assert [lines.count(rule) for rule in (r"    \toprule", r"    \midrule", r"    \bottomrule")] == [1, 1, 1]


def test_latex_of_what_people_type() -> None:
    assert latex("50 % of $x_1 & #2 {a} ~^ \\") == (
        r"50 \% of \$x\_1 \& \#2 \{a\} \textasciitilde{}\textasciicircum{} \textbackslash{}"
    )
    assert latex("▼ ≈ ± é “q” <b>|") == (
        r"$\blacktriangledown$ $\approx$ $\pm$ é ``q'' \textless{}b\textgreater{}\textbar{}"
    )
    assert latex("漢\n\x07") == "{[}U+6F22{]} "


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex on this machine")
def test_pdflatex_compiles_it(tmp_path: Path) -> None:
    odd = Table("Odd", ("*a", "[b]"), tuple((chr(code) * 2, "x") for code in (*range(32, 384), *map(ord, "▲▼≈−λ漢"))))
    text = rf"""\documentclass{{article}}
\usepackage{{booktabs}}
\usepackage{{amssymb}}
\begin{{document}}
{TABLE.to_latex()}
{odd.to_latex()}
\end{{document}}
"""
    (tmp_path / "table.tex").write_text(text, "utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "table.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


class Cells(HTMLParser):
    """Texts of cells, and every tag that is met."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_is_escaped() -> None:
    parser = Cells()
    parser.feed(Table("<script>", ("a", "n"), (("<img src=x onerror=alert(1)>", "3"),), ("</table>",)).to_html())
    assert set(parser.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert parser.texts == ["<script>", "a", "n", "<img src=x onerror=alert(1)>", "3", "</table>"]


def test_numbers_stand_right() -> None:
    assert TABLE.alignment == "lrrrll"
    assert Table("", ("a", "b"), ()).alignment == "ll"
    assert Table("", ("a", "b"), (("1", "2"),), align="lr").alignment == "lr"


def test_a_crooked_table_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a table of 2 columns got rows or alignments of \[1\]"):
        Table("", ("a", "b"), (("1",),))
