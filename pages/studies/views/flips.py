"""Flips: which examples one arm gains and loses against another, beyond what a second seed flips anyway."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from mtl_core.charts import figures
from mtl_core.charts import flips as charts_flips
from mtl_core.config.study import Comparison
from mtl_core.display.verdicts import signed
from mtl_core.records import DevExample
from mtl_core.studies import flip_reading, flip_tables
from mtl_core.studies.flip_reading import Flipped
from mtl_core.studies.flips import Flips
from pages.shared import exports, parts
from pages.studies.views import Context, _shown

TITLE, ORDER = "Flips", 70
PAGE = 10
LONGEST = 240
"""Characters of a text that the list shows."""
SHOWS = {"all": "gained and lost", "gained": "gained", "lost": "lost"}
CSS = Path(__file__).parents[2] / "static" / "results.css"


def fits(context: Context) -> bool:
    """Whether the study compares anything."""
    return bool(context.study.config.comparisons)


def show(context: Context) -> None:
    """Draws the view."""
    for style in (CSS, _shown.CSS):
        st.html(style)
    st.caption("Which examples change, beyond those that another seed changes anyway?")
    comparisons = context.study.config.comparisons
    chosen = _shown.pick("Comparison", [_words(one) for one in comparisons], context, "flips_comparison")
    flipped = flip_reading.read(context.workspace, comparisons[chosen], context.members)
    if flipped.flips is None:
        st.info(f"Nothing to compare yet: {parts.plain(flipped.refused)}", icon=":material/hourglass_empty:")
        return
    _summary(flipped, flipped.flips)
    name = f"flips-{flipped.comparison.treatment}"
    _picture(flipped.flips, name, flipped.generated)
    with st.expander("The numbers"):
        table = flip_tables.totals(flipped, flipped.flips)
        _shown.table(table, name)
    _examples(context, flipped, flipped.flips, f"{context.study.id}_{chosen}")


def _words(one: Comparison) -> str:
    return f"{one.target}: {one.treatment} against {one.baseline}"


def _summary(flipped: Flipped, flips: Flips) -> None:
    """The answer in words, and what it rests on."""
    gained, lost, floor = float(flips.gained.sum()), float(flips.lost.sum()), flips.floor
    change = f"**{_mean(gained)}** of {len(flips.gained):,} examples are gained and **{_mean(lost)}** lost"
    told = f"Between two runs, {change}"
    if floor is None:
        st.markdown(f"{told}.")
    else:
        chance = f"two seeds of one arm flip **{_mean(floor)}** each way anyway"
        excess = f"In excess of that: **{signed(gained - floor)}** gained, **{signed(lost - floor)}** lost."
        st.markdown(f"{told}; {chance}. {excess}")
    warning = _warning(flipped, flips)
    if warning:
        st.warning(warning, icon=":material/casino:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_basis(flipped, flips), width="content")
        if flipped.generated:
            parts.sample_badge()


def _mean(examples: float) -> str:
    """One decimal, unless the number is whole."""
    return f"{examples:,.1f}".removesuffix(".0")


def _warning(flipped: Flipped, flips: Flips) -> str:
    """What can't be told with so few runs, "" where there are enough."""
    if max(flips.runs) == 1:
        return (
            "One run an arm: nothing can be told apart from chance here, since two seeds of one arm flip examples too. "
            "This compares two models, not two methods. Give the study more seeds."
        )
    if min(flips.runs) == 1:
        names = (flipped.comparison.baseline, flipped.comparison.treatment)
        single, several = names if flips.runs[0] == 1 else names[::-1]
        return (
            f"'{parts.plain(single)}' has one run alone: what chance flips is known of '{parts.plain(several)}' only, "
            "and no flip can be called stable. Give the study more seeds."
        )
    return ""


def _basis(flipped: Flipped, flips: Flips) -> str:
    counts = [
        f"{parts.plain(name)}: {done} of {wanted} runs"
        for name, done, wanted in zip(
            (flipped.comparison.baseline, flipped.comparison.treatment), flips.runs, flipped.wanted, strict=True
        )
    ]
    right = "Right is the right label, or an F1 of at least 0.5 for an answer in a text."
    return f"{' · '.join(counts)}. {right}"


def _picture(flips: Flips, name: str, generated: bool) -> None:
    figure = figures.marked(charts_flips.bars(flips.gained_in, flips.lost_in, flips.noise_in, flips.floor), generated)
    told = charts_flips.alt(flips.gained_in, flips.lost_in, flips.floor)
    exports.figure(figure, name, alt=told, height=charts_flips.HEIGHT)


def _examples(context: Context, flipped: Flipped, flips: Flips, key: str) -> None:
    """The examples that changed, a page at a time, the stable ones first."""
    st.subheader("Examples", anchor=False)
    listed = {"all": flips.listed(), "gained": flips.listed(lost=False), "lost": flips.listed(gained=False)}
    shown = st.segmented_control(
        "Show",
        list(SHOWS),
        format_func=lambda one: f"{SHOWS[one]} {len(listed[one]):,}",
        default="all",
        required=True,
        key=f"flips_show_{key}",
        label_visibility="collapsed",
    )
    places = [int(place) for place in listed[str(shown)]]
    if not places:
        st.caption("None: no example is right more often in one arm than in the other.")
        return
    _stability(flips)
    ids, above = flip_reading.example_ids(context.workspace, flipped), st.container()
    first = PAGE * (_page(len(places), f"{key}_{shown}") - 1)
    page = places[first : first + PAGE]
    texts = flip_reading.texts(context.workspace, flipped.comparison.target, [ids[place] for place in page])
    by_id = {example.id: example for example in texts}
    rows = [_row(flipped, flips, place, by_id[ids[place]]) for place in page if ids[place] in by_id]
    above.html(_table(flipped, rows))
    exports.table_downloads(flip_tables.examples(flipped, flips, ids, places), f"flipped-{shown}")


def _stability(flips: Flips) -> None:
    if min(flips.runs) < 2:
        return
    gained, lost = (int(there.sum()) for there in flips.stable)
    chance = flips.stable_by_chance
    st.caption(
        "Stable ones first: every run of one arm is wrong and every run of the other is right. "
        f"Gained so: {gained:,} ({chance[0]:,.1f} if the runs were given to the arms at random); "
        f"lost so: {lost:,} ({chance[1]:,.1f})."
    )


def _page(count: int, key: str) -> int:
    pages = -(-count // PAGE)
    if pages < 2:
        return 1
    with st.container(horizontal=True, horizontal_alignment="center"):
        return int(st.pagination(pages, key=f"flips_page_{key}"))


def _table(flipped: Flipped, rows: Sequence[str]) -> str:
    arms = (flipped.comparison.baseline, flipped.comparison.treatment)
    heads = "".join(f"<th scope='col' class='score'>{escape(name)}</th>" for name in arms)
    head = f"<tr><th scope='col'>change</th><th scope='col'>text</th><th scope='col'>gold</th>{heads}<th></th></tr>"
    return (
        f"<div class='results-scroll'><table class='results'><thead>{head}</thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(flipped: Flipped, flips: Flips, place: int, example: DevExample) -> str:
    word, _, stable = flip_tables.change_words(flips, [place])[0].partition(", ")
    badge = f"<div><span class='results-badge'>{stable}</span></div>" if stable else ""
    change = f"<span class='flip {word}'>{word}</span>{badge}"
    texts = "".join(
        f"<div class='flip-text' title='{escape(text)}'>{escape(_cut(text))}</div>" for text in example.inputs
    )
    counts = "".join(
        f"<td class='score'>{_count(int(right[place]), runs)}</td>"
        for right, runs in zip(flips.right, flips.runs, strict=True)
    )
    link = f"explore?{urlencode(flipped.link(example.id))}"
    opened = f"<a href='{escape(link)}' target='_self' title='Read it in Explore'>Explore</a>"
    cells = f"<td class='fixed'>{change}</td><td>{texts}</td><td>{escape(_cut(example.label))}</td>"
    return f"<tr>{cells}{counts}<td class='fixed'>{opened}</td></tr>"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"


def _count(right: int, runs: int) -> str:
    sign = "✓ " if right == runs else "✗ " if not right else ""
    return f"{sign}{right} of {runs}"
