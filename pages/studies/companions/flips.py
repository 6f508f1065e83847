"""The flips on the page: the answer in words, and the examples a page at a time, with the way into Explore."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from mtl_core.display.verdicts import interval_text, signed
from mtl_core.services import study_flips
from mtl_core.services.study_flips import Excess, FlippedExample, Flips, FlipsOf
from mtl_core.services.study_views import StudyContext, StudyView
from pages.shared import exports, links, parts
from pages.studies import view

PAGE = 10
LONGEST = 240
"""Characters of a text that the list shows."""
SHOWS = {"all": "gained and lost", "gained": "gained", "lost": "lost"}


def show(context: StudyContext, shown: StudyView[Any], part: FlipsOf) -> None:
    """The answer, the figure, the numbers, the examples."""
    flips = part.flipped.flips
    if flips is None:
        st.info(f"Nothing to compare yet: {parts.plain(part.flipped.refused)}", icon=":material/hourglass_empty:")
        return
    _summary(part, flips)
    view.figures(context, shown, part)
    with st.expander("The numbers"):
        view.tables(context, shown, part)
    _examples(part, flips, f"{context.study.id}_{context.config.comparisons.index(part.comparison)}")


def _summary(part: FlipsOf, flips: Flips) -> None:
    """The answer in words, and what it rests on."""
    gained, lost, floor = float(flips.gained.sum()), float(flips.lost.sum()), flips.floor
    change = f"**{_mean(gained)}** of {len(flips.gained):,} examples are gained and **{_mean(lost)}** lost"
    if floor is None:
        st.markdown(f"Between two runs, {change}.")
    else:
        chance = f"two seeds of one condition flip **{_mean(floor)}** each way anyway"
        gained_more, lost_more = (_excess(one) for one in flips.excess or ())
        basis = " (95 % intervals over seeds)" * ("[" in gained_more)
        excess = f"In excess of that: {gained_more} gained, {lost_more} lost{basis}."
        st.markdown(f"Between two runs, {change}; {chance}. {excess}")
    warning = _warning(part, flips)
    if warning:
        st.warning(warning, icon=":material/casino:")
    st.caption(_basis(part, flips))


def _excess(excess: Excess) -> str:
    """The number, and its interval where there is one."""
    return f"**{signed(excess.value)}** {interval_text(excess.low, excess.high)}".rstrip()


def _mean(examples: float) -> str:
    """One decimal, unless the number is whole."""
    return f"{examples:,.1f}".removesuffix(".0")


def _warning(part: FlipsOf, flips: Flips) -> str:
    """The limits of so few runs, "" where there are enough."""
    if max(flips.runs) == 1:
        return (
            "One run per condition: changes can't be told from chance, since two seeds of one condition flip examples "
            "too. This compares two models, not two methods. Give the study more seeds."
        )
    if min(flips.runs) == 1:
        names = (part.comparison.baseline, part.comparison.treatment)
        single, several = names if flips.runs[0] == 1 else names[::-1]
        return (
            f"'{parts.plain(single)}' has one run only: chance flips are known for '{parts.plain(several)}' only, "
            "and no flip can be called stable. Give the study more seeds."
        )
    return ""


def _basis(part: FlipsOf, flips: Flips) -> str:
    counts = [
        f"{parts.plain(name)}: {done} of {wanted} runs"
        for name, done, wanted in zip(
            (part.comparison.baseline, part.comparison.treatment), flips.runs, part.flipped.wanted, strict=True
        )
    ]
    return f"{' · '.join(counts)}. Right means {part.flipped.right}."


def _examples(part: FlipsOf, flips: Flips, key: str) -> None:
    """The examples that changed, a page at a time, the stable ones first."""
    st.subheader("Examples", anchor=False)
    listed = {"all": flips.listed(), "gained": flips.listed(lost=False), "lost": flips.listed(gained=False)}
    gone = links.option(f"flips_show_{key}", view.SHOW, SHOWS, "all")
    parts.not_there([f"There are no flips called '{gone}'. All are shown."] if gone else ())
    chosen = st.segmented_control(
        "Show",
        list(SHOWS),
        format_func=lambda one: f"{SHOWS[one]} {len(listed[one]):,}",
        required=True,
        key=f"flips_show_{key}",
        label_visibility="collapsed",
    )
    links.remember(view.SHOW, str(chosen), "all")
    places = [int(place) for place in listed[str(chosen)]]
    if not places:
        st.caption("None: no example is right more often in one condition than in the other.")
        return
    _stability(flips)
    above = st.container()
    first = PAGE * (_page(len(places), f"{key}_{chosen}") - 1)
    above.html(_table(part, study_flips.examples(part, places[first : first + PAGE])))
    exports.table_downloads(study_flips.table(part, places), f"flipped-{chosen}")


def _stability(flips: Flips) -> None:
    if min(flips.runs) < 2:
        return
    gained, lost = (int(there.sum()) for there in flips.stable)
    chance = flips.stable_by_chance
    st.caption(
        "Stable ones first: every run of one condition is wrong and every run of the other is right. "
        f"Gained so: {gained:,} ({chance[0]:,.1f} if the runs were given to the conditions at random); "
        f"lost so: {lost:,} ({chance[1]:,.1f})."
    )


def _page(count: int, key: str) -> int:
    pages = -(-count // PAGE)
    if pages < 2:
        return 1
    with st.container(horizontal=True, horizontal_alignment="center"):
        return int(st.pagination(pages, key=f"flips_page_{key}"))


def _table(part: FlipsOf, examples: Sequence[FlippedExample]) -> str:
    arms = (part.comparison.baseline, part.comparison.treatment)
    heads = "".join(f"<th scope='col' class='score'>{escape(name)}</th>" for name in arms)
    head = f"<tr><th scope='col'>change</th><th scope='col'>text</th><th scope='col'>gold</th>{heads}<th></th></tr>"
    body = "".join(map(_row, examples))
    return parts.scrolling(f"<table class='results'><thead>{head}</thead><tbody>{body}</tbody></table>")


def _row(one: FlippedExample) -> str:
    badge = "<div><span class='results-badge'>stable</span></div>" if one.stable else ""
    change = f"<span class='flip {one.change}'>{one.change}</span>{badge}"
    texts = "".join(f"<div class='flip-text' title='{escape(text)}'>{escape(_cut(text))}</div>" for text in one.inputs)
    counts = "".join(f"<td class='score'>{_count(right, runs)}</td>" for right, runs in one.right)
    link = f"explore?{urlencode(one.link)}"
    opened = f"<a href='{escape(link)}' target='_self' title='Read it in Explore'>Explore</a>"
    cells = f"<td class='fixed'>{change}</td><td>{texts}</td><td>{escape(_cut(one.gold))}</td>"
    return f"<tr>{cells}{counts}<td class='fixed'>{opened}</td></tr>"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"


def _count(right: int, runs: int) -> str:
    sign = "✓ " if right == runs else "✗ " if not right else ""
    return f"{sign}{right} of {runs}"
