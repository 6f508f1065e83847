"""The plan of a new study: every run, what is reused, cost and time; and the button that starts it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Fault, InvalidConfig, TandemError, studies, study_draft
from mtl_core.services.plans import Look
from mtl_core.services.study_cost import Cost, cost
from mtl_core.services.study_draft import StudyConfig, StudyDraft, StudyForm
from pages.shared import fields, in_sight, parts
from pages.studies import form, from_runs, runs_table

KEPT = "study_plan"


@dataclass
class StudyPlan:
    """The answers about one form's values."""

    signature: str = ""
    begun: float = field(default_factory=time.monotonic, compare=False)
    """When these values were first asked about."""
    draft: StudyDraft = field(default_factory=lambda: StudyDraft(working=True))
    cost: Cost | None = None


def known(asked: StudyForm) -> StudyDraft:
    """The answers about these values so far; what was asked before is known at once."""
    if _plan().signature != asked.signature:
        st.session_state[KEPT] = _found(asked, _look())
    return _plan().draft


def _plan() -> StudyPlan:
    found: StudyPlan = st.session_state.setdefault(KEPT, StudyPlan())
    return found


def _look() -> Look:
    """Kept for the session: an arm is asked once."""
    found: Look = st.session_state.setdefault(f"{KEPT}_look", Look(parts.workspace(), patience=0.1))
    return found


def box(asked: StudyForm, draft: StudyDraft, faults: Sequence[Fault], loose: Sequence[Fault]) -> None:
    """The headline and Start: in sight while the form scrolls."""
    plan = _plan()
    with in_sight.box():
        st.subheader("What will happen", anchor=False)
        if faults:
            to_mend(faults, loose)
        elif draft.config is not None and plan.cost is not None:
            tuning(plan.cost)
            headline(plan.cost)
        spinner = st.container()
        start_button(asked, draft.config if not faults else None)
        if draft.config:
            with in_sight.rest():
                if plan.cost is not None:
                    basis(plan.cost)
                auto(draft.config)
                with st.expander("Copy as command"):
                    command = study_draft.command_text(parts.workspace(), asked, draft.config)
                    st.code(command, language="bash", wrap_lines=True)
        with spinner:
            poll(asked)


def runs(faults: Sequence[Fault]) -> None:
    """Every run of the study, once they are known."""
    found = _plan().cost
    if found is not None and not faults:
        st.subheader("5 · Runs", anchor=False)
        st.html(runs_table.costs(found))


def headline(found: Cost) -> None:
    """Runs, how many are trained, how long it takes."""
    new = found.runs - found.reused
    first = [f"**{found.runs} run{'s' * (found.runs != 1)}**"]
    if found.reused:
        first.append(f"{new} to train, {found.reused} there already" if new else "all of them there already")
    if new and found.seconds is not None:
        first.append(f"about {formats.rough_duration(found.seconds)}")
    st.markdown(" · ".join([*first, f"on {found.device}"]))


def basis(found: Cost) -> None:
    """Where the time is known from, and what comes before."""
    new = found.runs - found.reused
    lines = [f"Time: {found.basis}."] * bool(found.basis and new)
    if found.ahead and new:
        lines.append(f"{found.ahead} run{'s' * (found.ahead > 1)} on {found.device} before: these wait their turn.")
    if lines:
        st.caption("  \n".join(lines))


def tuning(found: Cost) -> None:
    """The trials that come first, and what they take."""
    if found.trials:
        each = next(one.trials for one in found.arms if one.trials)
        first = [f"**{found.trials} trials first**", f"{each} for each of {found.trials // each} conditions"]
        if found.tuning_seconds is not None:
            first.append(f"about {formats.rough_duration(found.tuning_seconds)}")
        st.markdown(" · ".join([*first, "then"]))


def auto(config: StudyConfig) -> None:
    """How far seeds are added."""
    if config.auto is not None:
        most = (config.auto.most_seeds - len(config.seeds)) * len(config.arms)
        limit = f" or {config.auto.hours:g} h of training" if config.auto.hours else ""
        st.caption(f"Auto: up to {most} runs more, to {config.auto.most_seeds} seeds{limit}, while it is not settled.")


def to_mend(faults: Sequence[Fault], loose: Sequence[Fault]) -> None:
    """The faults, and a second look for what was fixed elsewhere."""
    fields.to_fix(faults, loose)
    if st.button("Check again", icon=":material/refresh:", key="study_again"):
        again()
        st.rerun()


def again() -> None:
    """Forgets what was found out: the files behind it may have changed."""
    st.session_state.pop(KEPT, None)
    st.session_state.pop(f"{KEPT}_look", None)


def start_button(asked: StudyForm, config: StudyConfig | None) -> None:
    """Starts the study and shows it."""
    icon = ":material/rocket_launch:"
    look = {"type": "primary", "icon": icon, "width": "stretch", "key": "study_start"}
    if not st.button("Start", disabled=config is None, **look) or config is None:
        return
    try:
        with st.spinner("Queueing the runs …"):
            found = _plan().cost
            study_id = studies.start(parts.workspace(), config, found.expected if found else None)
    except InvalidConfig as error:
        st.session_state[KEPT] = StudyPlan(asked.signature, draft=StudyDraft(faults=error.faults))
        st.rerun()
    except TandemError as error:
        parts.show_faults(error)
        return
    again()
    from_runs.forget()
    form.FORM.forget()
    st.query_params.clear()
    st.query_params["study"] = study_id
    st.rerun()


def poll(asked: StudyForm) -> None:
    """Finds out what is not known yet, beside the page; draws the page again when there is news."""
    plan = _plan()
    if not plan.draft.working and not (plan.cost and plan.cost.working):
        return
    doing = plan.draft.doing or "counting examples, checking data and encoder …"

    @st.fragment(run_every=parts.LOOK_AGAIN)
    def ask() -> None:
        in_sight.working(doing if plan.draft.working else "measuring the speed on a few steps …", plan.begun)
        look = _look()
        news = in_sight.beside(lambda: _found(asked, look))
        if news != st.session_state.get(KEPT):
            news.begun = plan.begun
            st.session_state[KEPT] = news
            st.rerun()

    ask()


def _found(asked: StudyForm, look: Look) -> StudyPlan:
    draft = study_draft.draft(asked, look)
    try:
        found = cost(draft.config, look) if draft.config else None
    except TandemError as error:  # the server went away between two questions
        return StudyPlan(asked.signature, draft=StudyDraft(working=True, doing=str(error)))
    return StudyPlan(asked.signature, draft=draft, cost=found)
