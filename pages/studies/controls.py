"""A selected study's state, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import TandemError, studies, study_cost, study_growth, study_plan
from mtl_core.services.studies import Entry, Member, RunState, Study
from pages.shared import example, parts
from pages.studies import exports

PAUSE_HELP = "Runs that train stop after their step, with a checkpoint; runs that wait leave the queue."
ARM_HELP = "Sharing/schedule/balancing, such as pal or hard/joint/pcgrad, or a named preset such as cross_domain."
END_HELP = "Runs that wait or train go on; no seeds are added after them."
COPY_HELP = "The same study as one of your own, not started. None of the example's runs is taken over."
HOURS_HELP = "Training time of the study's seeds at most; tuning is not counted."
MOST_SEEDS = 20


def state_badge(state: str) -> None:
    """A study's or a run's state as sign and word."""
    look = studies.STATES[state]
    st.badge(look.word, icon=look.icon, color=look.tone)  # type: ignore[arg-type]


def status(entry: Entry) -> None:
    """State, progress, and how long it takes yet."""
    study, listed = entry.study, entry.members
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        state_badge(entry.state)
        if entry.study.example:
            parts.example_badge()
        st.markdown(progress_text(entry), width="content")
        for tag in study.config.tags:
            st.badge(parts.plain(tag), color="gray")
    for words in entry.by_itself:
        st.caption(parts.plain(words))
    if entry.live:
        shares = [formats.progress(one.run) if one.run else 0.0 for one in listed if not one.done]
        st.progress((entry.finished + sum(shares)) / len(listed), text="")


def sealed(study: Study) -> None:
    """When the plan was sealed, and, loudly, what was changed since."""
    plan = study_plan.of_study(study)
    seal = f"SHA-256 of the plan: {plan.hash}. A report carries it." if plan.hash else None
    st.caption(parts.plain(plan.sealed), help=seal)
    if plan.earlier:
        first, _, runs = plan.earlier.partition(": ")
        st.caption(parts.plain(f"{first}."), help=parts.plain(runs))
    if plan.changed:
        st.warning(parts.plain(f"Changed since: {'; '.join(plan.changed)}."), icon=":material/edit_note:")


def progress_text(entry: Entry) -> str:
    """ "4 of 18 runs · 1 running · 13 queued · 12 min left"."""
    words = [f"**{entry.finished} of {entry.runs} runs**"]
    words += [f"{count} {state}" for state, count in entry.counts.items() if state != RunState.FINISHED]
    if entry.live:
        left = study_cost.left(entry.study, entry.members)
        more = "" if left.complete else "more than "
        words += [f"{more}{formats.remaining(left.seconds)}"] * (left.complete or left.seconds > 0)
    return " · ".join(words)


def row(entry: Entry) -> None:
    """Pause where it trains, else go on; grow, copy, export, delete. The example is only read."""
    study = entry.study
    if entry.study.example:
        read_only(study)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if entry.live or study.automation.going:
            pause = partial(studies.pause, parts.workspace(), study.id)
            act("Pause", "pause", pause, "Asking the runs to stop …", help=PAUSE_HELP)
        elif entry.unfinished:
            going = partial(studies.go_on, parts.workspace(), study.id)
            act(study_growth.go_on_words(entry), "play_arrow", going, "Checking data and encoder …", primary=True)
        seeds(study, entry.members)
        auto(study)
        another_arm(study)
        rest(entry)


def read_only(study: Study) -> None:
    """What can be done with the example: copied, exported, hidden."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Run it yourself", icon=":material/content_copy:", key="study_copy", help=COPY_HELP):
            st.query_params["study"] = studies.copy(parts.workspace(), study.id)
            st.rerun()
        with st.popover("Export", icon=":material/download:"):
            exports.downloads(study)
        example.hide_button("study_hide")


def act(
    label: str, icon: str, do: Callable[[], object], doing: str, *, primary: bool = False, help: str | None = None
) -> None:
    """A button that does something that takes a moment, and says what went wrong."""
    kind = "primary" if primary else "secondary"
    key = f"study_{label.lower().replace(' ', '_')}"
    if st.button(label, icon=f":material/{icon}:", type=kind, key=key, help=help):  # type: ignore[arg-type]
        try:
            with st.spinner(doing):
                do()
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


def seeds(study: Study, listed: Sequence[Member]) -> None:
    """More seeds of every arm."""
    with st.popover("More seeds", icon=":material/casino:"):
        count = st.number_input("How many", 1, MOST_SEEDS, 2, key="study_seed_count")
        more_seeds(study, listed, int(count), "form")


def more_seeds(study: Study, listed: Sequence[Member], count: int, place: str) -> None:
    """The button "Run 2 more seeds", and what it costs."""
    arms = len(study.config.arms)
    seconds = study_cost.seconds_of_seeds(study, listed, count)
    cost = f"{count * arms} runs" + (f", about {formats.rough_duration(seconds)}" if seconds is not None else "")
    label = f"Run {count} more seed{'s' * (count != 1)} · {cost}"
    note = study_growth.beyond_plan(study.config, count)
    if note:
        st.caption(note)
    if st.button(label, icon=":material/add:", key=f"study_seeds_{place}"):
        try:
            with st.spinner("Queueing the runs …"):
                study_growth.more_seeds(parts.workspace(), study.id, count)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


def auto(study: Study) -> None:
    """Lets the study add seeds by itself, or ends that."""
    limits = study.config.auto
    if limits is not None and not study.automation.ended:
        do = partial(studies.end_auto, parts.workspace(), study.id)
        act(
            "End Auto",
            "timer_off",
            do,
            "Ending …",
            help=END_HELP,
        )
        return
    with st.popover("Auto", icon=":material/autoplay:"):
        st.markdown("Add seeds by itself until every comparison is settled.")
        usual = max(limits.most_seeds if limits else studies.USUAL_MOST_SEEDS, len(study.config.seeds) + 1)
        most = st.number_input("Seeds at most", value=usual, step=1, key=f"study_auto_seeds_{study.id}")
        shared = {"step": 0.5, "format": "%g", "placeholder": "no limit", "help": HOURS_HELP}
        hours = st.number_input("Hours at most", value=None, key=f"study_auto_hours_{study.id}", **shared)
        do = partial(studies.run_auto, parts.workspace(), study.id, int(most), hours)
        act("Let it run", "autoplay", do, "Judging the study …", primary=True)


def another_arm(study: Study) -> None:
    """Another recipe on the study's tasks, with the baselines that it needs."""
    with st.popover("Add condition", icon=":material/alt_route:"):
        tasks = study_growth.tasks_of(study.config)
        recipe = st.selectbox(
            "Recipe", studies.choices("recipes"), accept_new_options=True, index=None, key="study_arm", help=ARM_HELP
        )
        chosen = st.multiselect("Tasks", tasks, default=tasks[:2], key=f"study_arm_tasks_{study.id}")
        do = partial(study_growth.add_arm, parts.workspace(), study.id, recipe or "", tuple(chosen))
        act("Add and train", "add", do, "Looking at data and encoder …", primary=True)


def rest(entry: Entry) -> None:
    """Rarer actions."""
    study = entry.study
    with st.popover("Export", icon=":material/download:"):
        exports.downloads(study)
    with st.popover("More", icon=":material/more_horiz:"):
        if st.button("Copy", icon=":material/content_copy:", key="study_copy", help="The same study, not started."):
            st.query_params["study"] = studies.copy(parts.workspace(), study.id)
            st.rerun()
        st.divider()
        delete(entry)


def delete(entry: Entry) -> None:
    """The button, and what goes and what stays."""
    study, live = entry.study, sum(one.run.live for one in entry.members if one.run)
    waiting = (
        f" {live} of them are waiting or training and continue: pause the study first to stop them." if live else ""
    )
    st.markdown(
        f"Deleting removes the question, its notes and verdicts. Its {len(study.run_ids())} runs stay.{waiting}"
    )
    if st.button("Delete the study", icon=":material/delete:", key="study_delete"):
        st.session_state["study_deleted"] = studies.delete(parts.workspace(), study.id)
        st.query_params.clear()
        st.rerun()


def describe_form(study: Study) -> None:
    """Name, tags and notes."""
    config = study.config
    with st.form(f"study_words_{study.id}", border=False):
        name = st.text_input("Name", config.name, max_chars=120)
        tags = st.multiselect("Tags", list(config.tags), list(config.tags), accept_new_options=True)
        notes = st.text_area("Notes", config.notes, height=120, max_chars=20_000)
        if st.form_submit_button("Keep", icon=":material/save:", key="study_words"):
            try:
                studies.describe_as(parts.workspace(), study.id, name=name, tags=tags, notes=notes)
            except TandemError as error:
                parts.show_faults(error)
                return
            st.rerun()
