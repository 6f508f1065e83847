""" "Try it now": the card that starts it, shows how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mtl_core.display import formats, scores
from mtl_core.services import TandemError, Workspace, first_try, watch
from mtl_core.services.first_try import Expected, FirstTry
from mtl_core.services.overview import Result
from mtl_core.services.queue import Outlook
from pages.shared import parts
from pages.shared.queue import run_line

OFFER = (
    "Train one model on sentiment alone and one on sentiment and inference together, on a small generated sample. "
    "Then see what the second task changed."
)
STOP_HELP = "Ends both runs, each after its current step and with a checkpoint."
DISMISS_HELP = "Takes this card away. The runs stay; Watch and Compare have them."
MEASURED_FOR = "20s"
"""How long an estimate is shown before the machine is looked at again."""


def card(last: FirstTry | None, outlooks: Mapping[str, Outlook]) -> None:
    """What to do first, then how it is getting on, then what came of it."""
    with st.container(border=True):
        if last is None or (last.dismissed and not last.live):
            st.markdown(OFFER)
            buttons(None)
        elif last.live:
            under_way(last, outlooks)
        elif last.result:
            outcome(last, last.result)
        else:
            ended_early(last)
            buttons(last)


def buttons(last: FirstTry | None) -> None:
    """Start the try, say how long it takes, or go and launch something else; put away what came of the last one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        label = "Try again" if last else "Try it now"
        if st.button(label, type="primary", icon=":material/play_arrow:", key="try"):
            begin()
        launch_your_own()
        if last:
            dismiss_button(last)
        duration(expected(parts.workspace()))


def begin() -> None:
    """Launches both runs."""
    try:
        first_try.start(parts.workspace())
    except TandemError as error:
        parts.show_faults(error)
        return
    st.rerun(scope="app")


@st.cache_data(ttl=MEASURED_FOR, show_spinner=False, max_entries=8)
def expected(workspace: Workspace) -> Expected:
    """How long the try takes on this machine now; asked again after a while."""
    return first_try.expected(workspace)


def duration(now: Expected) -> None:
    """The time that it takes, on this machine, now."""
    waits = f"after {now.ahead} run{'s' * (now.ahead != 1)} that train or wait, " if now.ahead else ""
    if now.total is None:
        st.caption(parts.plain(f"Time unknown: {now.basis}."), width="content")
        return
    text = f"Two models, {waits}about {formats.rough_duration(now.total)} on this machine now"
    st.caption(text, help=f"Estimated {parts.plain(now.basis)}.", width="content")


def launch_your_own() -> None:
    """The way to the Launch page."""
    if st.button("Launch your own", icon=":material/rocket_launch:", key="launch"):
        st.switch_page("launch/page.py")


def dismiss_button(last: FirstTry) -> None:
    """Puts the card of a try that is over away."""
    if st.button("Dismiss", icon=":material/close:", type="tertiary", key="try_dismiss", help=DISMISS_HELP):
        try:
            first_try.dismiss(parts.workspace(), last)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun(scope="app")


def under_way(last: FirstTry, outlooks: Mapping[str, Outlook]) -> None:
    """Both runs of the try with their progress. It needs no one to watch."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        words = "The try is being stopped." if last.stopping else "Two models are being trained."
        rest = "" if last.stopping else " You can leave this page: training goes on."
        st.markdown(f"**{words}**{rest}", width="content")
        if st.button("Stop", icon=":material/stop:", key="try_stop", help=STOP_HELP, disabled=last.stopping):
            first_try.stop(parts.workspace(), last)
            st.rerun(scope="app")
    left = "" if last.stopping else f" · about {formats.remaining(last.seconds_left())}"
    st.progress(last.progress, text=f"{100 * last.progress:.0f} % of the first try{left}")
    for run in last.runs:
        run_line(run, outlooks)


def outcome(last: FirstTry, result: Result) -> None:
    """The answer of the try, in one sentence, and where the evidence is."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{result.target}** reached **{scores.text(result.metric, result.alone)}** alone and "
            f"**{scores.text(result.metric, result.together)}** together with {', '.join(result.partners)}: "
            f"**{scores.difference(result.metric, result.difference)} "
            f"{scores.difference_unit(result.metric)}**.",
            width="content",
        )
        parts.sample_badge()
    runs = ",".join(result.run_ids)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Compare them", type="primary", icon=":material/compare_arrows:", key="try_compare"):
            st.switch_page("compare/page.py", query_params={"runs": runs})
        if st.button("Read their predictions", icon=":material/search:", key="try_explore"):
            st.switch_page("explore/page.py", query_params={"task": result.target, "runs": runs})
        if st.button("Try them in the Demo", icon=":material/chat_bubble_outline:", key="try_demo"):
            st.switch_page("demo.py", query_params={"runs": runs})
        launch_your_own()
        dismiss_button(last)


def ended_early(last: FirstTry) -> None:
    """The runs of the try that ended early, and why."""
    stopped = all(not watch.trouble(run) for run in last.ended_early)
    st.markdown("**The try was stopped.**" if stopped else "**The last try ended early.**")
    for run in last.runs:
        run_line(run)
        if run.detail:
            st.caption(parts.plain(run.detail))
