"""The end of the Launch page: what will happen, the command to copy, the start."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Fault, InvalidConfig, TandemError, launch
from mtl_core.services.forecast import DevExample, Forecast, TaskForecast, forecast
from mtl_core.services.launch import Draft
from pages.shared import fields, in_sight, parts

KEPT = "launch_forecast"
LONGEST = 220
"""Characters of an example that a glance shows."""


def signature(draft: Draft) -> tuple[str, ...]:
    """The key of a forecast."""
    return tuple(f"{config.arm} {config.device} {config.seed}" for config in draft.configs)


def known(draft: Draft) -> Forecast | None:
    """The forecast of exactly these runs, None without one."""
    belongs_to, estimate, _ = st.session_state.get(KEPT, ((), None, ""))
    return estimate if draft.configs and belongs_to == signature(draft) else None


def shown_before(draft: Draft) -> tuple[TaskForecast, ...]:
    """Numbers and examples of the tasks as they were last known, while nothing about the data changed."""
    _, estimate, data = st.session_state.get(KEPT, ((), None, ""))
    return estimate.tasks if estimate and data == _data(draft) else ()


def box(draft: Draft, estimate: Forecast | None, faults: Sequence[Fault], loose: Sequence[Fault]) -> None:
    """The forecast, and the button that starts the runs: in sight while the form scrolls."""
    with in_sight.box():
        st.subheader("What will happen", anchor=False)
        if faults:
            to_mend(faults, loose, again=not draft.faults)
        else:
            headline(draft, estimate)
        spinner = st.container()
        start_button(draft, blocked=bool(faults))
        if draft.configs:
            with in_sight.rest():
                if estimate and estimate.steps and not faults:
                    st.caption("  \n".join(details(draft, estimate)))
                with st.expander("Copy as command"):
                    st.code(launch.commands(draft.configs, parts.workspace()), language="bash", wrap_lines=True)
        with spinner:
            poll(draft, estimate)


def to_mend(faults: Sequence[Fault], loose: Sequence[Fault], *, again: bool) -> None:
    """The faults, and a button that checks again."""
    fields.to_fix(faults, loose)
    if again and st.button("Check again", icon=":material/refresh:", key="launch_again"):
        st.session_state.pop(KEPT, None)  # what was wrong may lie in a file that has been mended
        st.rerun()


def headline(draft: Draft, estimate: Forecast | None) -> None:
    """Runs, steps, time and memory in a line."""
    count = len(draft.configs)
    first = [f"**{count} run{'s' if count != 1 else ''}**"]
    if estimate is None or not estimate.steps:
        st.markdown(first[0])
        return
    low, high = estimate.steps[0], estimate.steps[-1]
    first.append(steps_text(low, high))
    if estimate.seconds is not None:
        first.append(f"about {formats.rough_duration(estimate.seconds)}")
    if estimate.memory_bytes:
        first.append(formats.size(estimate.memory_bytes))
    st.markdown(" · ".join([*first, f"on {estimate.device}"]))


def steps_text(low: int, high: int) -> str:
    """The steps of the different runs; a merged run has none."""
    if not high:
        return "no training"
    return f"{low:,} steps each" if low == high else f"{low:,} to {high:,} steps each"


def details(draft: Draft, estimate: Forecast) -> list[str]:
    """The lines beneath the headline."""
    merging = draft.configs[0].merging
    drawn = ["Merging makes no steps."] if merging else map(_drawn, estimate.tasks)
    lines = [f"{draft.configs[0].recipe}", *drawn]
    if estimate.parameters:
        lines.append(_parameters(estimate.parameters))
    if estimate.encoder_shares and not merging:
        shares = (f"{task} {100 * share:.3g} %" for task, share in estimate.encoder_shares.items())
        lines.append(f"Encoder parameters that a step trains: {', '.join(shares)}.")
    if estimate.basis:
        lines.append(f"Time: {estimate.basis}.")
    if estimate.ahead:
        runs = f"{estimate.ahead} run{'s' * (estimate.ahead > 1)}"
        lines.append(f"{runs} ahead on {estimate.device}: these wait for them.")
    return lines


def _drawn(task: TaskForecast) -> str:
    """The examples drawn of a task, and a remark if they are far fewer or more than asked for."""
    draw = task.draw
    epochs = f"{draw.planned_epochs:.3g} epoch{'s' * (draw.planned_epochs != 1)}"
    remark = f" :orange[{parts.plain(task.remark)}.]" if task.remark else ""
    return (
        f"{draw.task}: {draw.planned_examples:,} examples in {draw.planned_steps:,} steps, {epochs}, "
        f"about {_short_count(draw.planned_tokens)} tokens.{remark}"
    )


def _parameters(counts: Mapping[str, int]) -> str:
    """Their number, and whose they are."""
    parts = [f"{_count(counts['shared'])} shared" if counts["shared"] else "none shared"]
    parts += [f"{_count(counts['task_only'])} for one task only"] * bool(counts["task_only"])
    parts += [f"{_count(counts['frozen'])} frozen"] * bool(counts["frozen"])
    return f"{_count(counts['total'])} parameters: {', '.join(parts)}."


def start_button(draft: Draft, *, blocked: bool) -> None:
    """Checks data and encoder once more, starts the runs and goes to the first."""
    count = len(draft.configs)
    label = f"Launch {count} runs" if count > 1 else "Launch"
    look = {"type": "primary", "icon": ":material/rocket_launch:", "width": "stretch"}
    if not st.button(label, disabled=blocked, key="launch_start", **look):
        return
    try:
        with st.spinner("Checking data and encoder …"):
            estimate = known(draft)
            ids = launch.start(parts.workspace(), draft.configs, estimate.expected if estimate else {})
    except InvalidConfig as error:
        _keep(draft, Forecast(count, working=False, faults=error.faults))
        st.rerun()
    except TandemError as error:
        parts.show_faults(error)
        return
    st.session_state.pop(KEPT, None)
    st.switch_page("watch/page.py", query_params=launch.landing(parts.workspace(), ids))


def poll(draft: Draft, estimate: Forecast | None) -> None:
    """Asks for what is not known yet, with a spinner beside the page; draws the page again when there is news."""
    if not draft.configs or (estimate is not None and not estimate.working):
        return

    begun = _begun(draft)

    @st.fragment(run_every=parts.LOOK_AGAIN)
    def ask() -> None:
        in_sight.working(_doing(estimate), begun)
        workspace = parts.workspace()
        news = in_sight.beside(lambda: forecast(workspace, draft.configs))
        if news != estimate:
            _keep(draft, news)
            st.rerun()

    ask()


def _doing(estimate: Forecast | None) -> str:
    """The work that is under way."""
    if estimate is not None and estimate.steps and estimate.ahead:
        return "waiting for the speed of the run that trains …"
    if estimate is not None and estimate.steps:
        return "measuring the speed on a few steps …"
    return (estimate.away if estimate else "") or "counting examples, checking data and encoder …"


def _begun(draft: Draft) -> float:
    """When these runs were first asked about, so that a long count says how long it takes."""
    found: tuple[tuple[str, ...], float] = st.session_state.get(f"{KEPT}_begun", ((), 0.0))
    if found[0] != signature(draft):
        found = st.session_state[f"{KEPT}_begun"] = (signature(draft), time.monotonic())
    return found[1]


def glance(task: TaskForecast) -> None:
    """A task's numbers and three of its training examples."""
    windows = f" in {task.rows:.1f} windows" if task.rows > 1.05 else ""
    st.markdown(
        f"{task.train:,} training · {task.selection:,} validation · {task.dev:,} dev examples  \n"
        f"{task.tokens:.0f} tokens per example{windows}"
    )
    for note in task.notes:
        st.caption(parts.plain(note))
    with st.expander("Preview 3 examples"):
        st.html("".join(_example(shown) for shown in task.glance))


def _example(shown: DevExample) -> str:
    texts = "<br>".join(escape(_short(text)) for text in shown.inputs)
    return (
        f"<p style='margin:0 0 .8em; font-size:.875rem; overflow-wrap:anywhere'>{texts}<br>"
        f"<b>{escape(_short(shown.label))}</b></p>"
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"


def _short_count(tokens: int) -> str:
    """A number that is an estimate: 32 thousand, 1.4 million."""
    if tokens < 10_000:
        return f"{tokens:,}"
    return f"{tokens / 1e6:.1f} million" if tokens >= 950_000 else f"{tokens / 1e3:.0f} thousand"


def _count(parameters: int) -> str:
    return f"{parameters / 1e6:.1f} million" if parameters >= 100_000 else f"{parameters:,}"


def _data(draft: Draft) -> str:
    config = draft.configs[0] if draft.configs else None
    return f"{config.origin_text} {config.definitions} {config.train_limit} {config.eval_limit}" if config else ""


def _keep(draft: Draft, estimate: Forecast) -> None:
    st.session_state[KEPT] = (signature(draft), estimate, _data(draft))
