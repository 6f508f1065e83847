"""Demo: type a text; every chosen model answers beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from textwrap import shorten

import streamlit as st

from mtl_core.display import blocks, colors, formats
from mtl_core.display.words import capital
from mtl_core.services import arms, demo
from mtl_core.services.demo import Reply, Run, Task
from pages.shared import links, parts

CSS = Path(__file__).parent / "static" / "results.css"
LONG_INPUT = 150
"""Height of the box for a context, in pixels."""
SHORT_LABEL = 36
"""Characters of a ready example on its button."""
ASK_AGAIN = 2.0
"""Seconds between two tries while the model server starts."""
WAITING, KEPT = "demo_waiting", "demo_texts"
LINKED = ("text", "text2", "text3", "text4", "text5", "text6")
"""Parameters of the link that hold the inputs, in their order."""
LONGEST_LINK = 6_000
"""Characters of all inputs that a link takes: browsers and servers cut longer addresses."""
NO_MODEL = (
    "No model has finished yet. Train two on the generated sample, it takes a few minutes, "
    "and ask them whatever you like."
)


def key(task: Task, place: int) -> str:
    """The widget of one input."""
    return f"demo.{task.name}.{place}"


def choose_task(runs: Sequence[Run]) -> Task | None:
    """The task that is asked about, kept in the link; None where the link asks for one that no model knows."""
    names = demo.tasks(runs)
    links.starts("demo_task", lambda: st.query_params.get("task") or names[0])
    if st.session_state["demo_task"] not in names:
        asked = st.session_state["demo_task"] or st.query_params.get("task", "")
        parts.not_there([f"No model that has finished knows a task '{asked}'. Choose one of these:"])
        st.session_state["demo_task"] = None
    name = st.segmented_control(
        "Task",
        names,
        key="demo_task",
        required=st.session_state["demo_task"] is not None,
        format_func=formats.task_title,
        label_visibility="collapsed",
        on_change=links.forget,
        args=LINKED,
    )
    if name is None:
        return None
    links.remember("task", name)
    return demo.task_named(name)


def prefill(task: Task) -> None:
    """Lets the link's texts stand in the inputs: by their column ("sentence1"), or as text and text2.

    Without any, those that were typed last, unless it is an earlier link that the visitor went back to.
    """
    given = [given_text(column, LINKED[place]) for place, column in enumerate(task.inputs)]
    kept = st.session_state.setdefault(KEPT, {}).get(task.name, ()) if not links.returned() else ()
    for place, text in enumerate(given):
        usual = kept[place] if place < len(kept) and not any(given) else ""
        links.starts(key(task, place), lambda text=text, usual=usual: text or usual)


def given_text(*names: str) -> str:
    """The link's text under the first of the names that it has."""
    return next((st.query_params[name] for name in names if name in st.query_params), "")


def remember(task: Task, texts: Sequence[str]) -> None:
    """Puts the texts into the link, if it has room for them, and keeps them for the next visit."""
    st.session_state[KEPT][task.name] = tuple(texts)
    links.forget(*task.inputs)
    fits = sum(map(len, texts)) <= LONGEST_LINK
    for name, text in zip_longest(LINKED, texts if fits else (), fillvalue=""):
        links.remember(name, text)
    if not fits:
        st.caption(f"Texts of more than {LONGEST_LINK:,} characters do not go into this page's link.")


def take(task: Task, texts: tuple[str, ...]) -> None:
    """Puts a ready example into the inputs."""
    for place, text in enumerate(texts):
        st.session_state[key(task, place)] = text


def inputs(task: Task) -> tuple[str, ...]:
    """A box an input, ready examples, and the button."""
    texts = []
    for place, title in enumerate(task.input_titles):
        height = LONG_INPUT if place in demo.long_inputs(task) else 68
        texts.append(st.text_area(title, key=key(task, place), height=height) or "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Ask", type="primary", icon=":material/send:")
        for number, ready in enumerate(task.tries):
            st.button(
                parts.plain(shorten(ready[0], width=SHORT_LABEL, placeholder=" …")),
                key=f"try_{task.name}_{number}",
                type="tertiary",
                icon=":material/edit_note:",
                help="  \n".join(map(parts.plain, ready)),
                on_click=take,
                args=(task, ready),
            )
    return tuple(texts)


def answers(task: Task, texts: tuple[str, ...], runs: Sequence[Run]) -> None:
    """Every model's card; asks again by itself while the model server is not there."""
    missing = demo.missing(task, texts)
    if missing:
        words = " and ".join(f"a {title.lower()}" for title in missing)
        st.caption(f"Type {words}{', or take an example' * bool(task.tries)}.")
        return

    @st.fragment(run_every=ASK_AGAIN if st.session_state.get(WAITING) else None)
    def ask() -> None:
        with st.spinner("Asking …"):
            replies = demo.ask(parts.workspace(), task.name, texts, runs)
        waiting = any(reply.away for reply in replies)
        if waiting != bool(st.session_state.get(WAITING)):
            st.session_state[WAITING] = waiting
            st.rerun()
        if waiting:
            reason = next(reply.faults[0].message for reply in replies if reply.away)
            st.info(f"{capital(reason)} This page retries automatically.", icon=":material/hourglass_top:")
        else:
            show(task, texts, replies)

    ask()


def show(task: Task, texts: tuple[str, ...], replies: Sequence[Reply]) -> None:
    """Whether they agree, then a card each."""
    same, words = demo.agreement(task, replies)
    if words:
        st.markdown(f"{':material/done_all:' if same else ':material/call_split:'} **{parts.plain(words)}**")
    titles = arms.labels([reply.run for reply in replies], [task.name])
    for column, reply in zip(st.columns(len(replies)), replies, strict=True):
        with column.container(border=True, height="stretch"):
            card(task, texts, reply, titles[reply.run.id, task.name], differs=demo.differs(task, reply, replies))


def card(task: Task, texts: tuple[str, ...], reply: Reply, title: str, *, differs: bool) -> None:
    """One model's answer; one that differs from the first model's is marked."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{parts.plain(title)}**", width="content", help=f"{reply.run.title}, run {reply.run.id}")
        if reply.run.generated:
            parts.sample_badge()
        if differs:
            st.badge("differs", icon=":material/call_split:", color="orange")
    if reply.answer is None:
        for fault in reply.faults:
            st.markdown(f":material/error: {parts.plain(fault.message)}")
        return
    answer = reply.answer
    if title := demo.title(task, answer):
        st.markdown(f"### {parts.plain(title)}", anchors=False)
    color = colors.task_color(task.name, parts.dark())
    drawn = blocks.html(demo.answer_blocks(task, texts, answer))
    st.html(f"<div class='detail' style='--task: {color}'>{drawn}</div>")
    st.caption(parts.plain(demo.caption(task, answer)))
    for note in answer.notes:
        st.caption(f":material/info: {parts.plain(capital(note))}.")


def page() -> None:
    """The whole page, top to bottom."""
    st.html(CSS)
    runs = demo.models(parts.workspace())
    columns = [column for name in demo.tasks(runs) for column in demo.task_named(name).inputs]
    reads = dict.fromkeys(["task", *parts.RUNS, *LINKED, *columns])
    parts.heading("Demo", "What does each model predict for your own text?", reads=reads)
    if not demo.tasks(runs):
        parts.empty(NO_MODEL, "To the first try", "overview/page.py")
    task = choose_task(runs)
    if task is None:
        return
    st.caption(parts.plain(task.question))
    prefill(task)
    knowing = demo.knowing(runs, task.name)
    lacks = f"has no finished model for {task.name}"
    usual = partial(demo.usual, parts.workspace(), task=task.name)
    asked = f"demo_runs_{task.name}"
    chosen = parts.pick_runs("Models", knowing, asked, max=demo.MOST_MODELS, default=usual, lacks=lacks)
    texts = inputs(task)
    remember(task, texts)
    if not chosen:
        st.caption("Choose a model above.")
        return
    answers(task, texts, chosen)


page()
