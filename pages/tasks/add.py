"""Adding a task: a file, a path or a data set of the hub; guesses as a filled form; the first rows at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mtl_core.services import InvalidConfig, TandemError, tasks
from pages.shared import links, parts

WAYS = {
    "upload": "Drop a file",
    "path": "A file or folder here",
    "hub": "Hugging Face hub",
    "task": "A colleague's task",
}
TYPES = ["csv", "tsv", "txt", "jsonl", "json", "parquet", "conll", "bio", "gz", "xz"]
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
GUESSES = "tasks_guesses"
KEYS = ("name", "title", "kind", "inputs", "answer", "delimiter", "quoted", "encoding", "header", "hold_out")


def form() -> None:
    """The whole form; what is typed changes the preview at once."""
    st.button("All tasks", icon=":material/arrow_back:", type="tertiary", on_click=leave)
    place = source()
    if st.session_state["tasks_way"] == "task":
        from_file()
        return
    if place is None:
        st.caption(
            "Kind, columns, delimiter, quoting, encoding and labels are read off the content. Change any of them."
        )
        return
    if st.session_state.get("tasks_of") != place:  # another file: what was said of the last one is no more
        for name in KEYS:
            st.session_state.pop(f"tasks_{name}", None)
        st.session_state.pop(GUESSES, None)
        st.session_state["tasks_of"] = place
    request = {**place, **said()}
    try:
        found = guessed(request)
    except TandemError as error:
        parts.show_faults(error)
        found = st.session_state.get("tasks_found") if st.session_state.get("tasks_found_of") == place else None
        if found is None:
            return
        fields(found)
        return
    st.session_state["tasks_found"], st.session_state["tasks_found_of"] = found, place
    fields(found)
    preview(found)
    if st.button("Add task", type="primary", icon=":material/check:", key="tasks_add"):
        save({**request, "name": found["definition"]["name"]})


def source() -> dict[str, Any] | None:
    """The place of the data as a request has it; None where nothing was given yet."""
    way = st.segmented_control(
        "From", list(WAYS), key="tasks_way", default="upload", format_func=WAYS.get, required=True
    )
    if way == "upload":
        files = st.file_uploader(
            "One file, or two: training and dev", type=TYPES, accept_multiple_files=True, key="tasks_files"
        )
        if not files:
            return None
        paths = [str(tasks.keep_upload(parts.workspace(), file.name, file.getvalue())) for file in files[:2]]
        first = [path for path in paths if "dev" not in path.lower() and "valid" not in path.lower()] or paths
        rest = [path for path in paths if path != first[0]]
        return {"what": first[0], "dev": rest[0] if rest else None, "copy": True}
    if way == "task":
        return None
    label = "Path of a file or folder" if way == "path" else "Data set id, such as stanfordnlp/imdb or nyu-mll/glue:rte"
    text = st.text_input(label, key=f"tasks_{way}").strip()
    dev = st.text_input("Path of a dev file, if there is one", key="tasks_dev").strip() if way == "path" else ""
    return {"what": text if way == "path" else f"hub:{text}", "dev": dev or None} if text else None


def from_file() -> None:
    """A task that someone has exported."""
    file = st.file_uploader(
        "The file that *Export* or `tasks export` made", type=["tandem-task", "zip"], key="tasks_file"
    )
    if file is None:
        return
    name = st.text_input("Name", key="tasks_import_name", placeholder="its own name").strip()
    with st.expander("It came without its data"):
        train = st.text_input("Path of the training file here", key="tasks_import_train").strip()
        dev = st.text_input("Path of the dev file, if it has one", key="tasks_import_dev").strip()
    if not st.button("Add task", type="primary", icon=":material/check:", key="tasks_import"):
        return
    try:
        with st.spinner("Adding …"):
            path = tasks.keep_upload(parts.workspace(), file.name, file.getvalue())
            added = tasks.imported(parts.workspace(), path, name, train, dev)
    except TandemError as error:
        parts.show_faults(error)
        return
    shown(added)


def said() -> dict[str, Any]:
    """What the visitor has changed of the guesses."""
    values = {name: None if untouched(name) else st.session_state[f"tasks_{name}"] for name in KEYS}
    reading = {name: values[name] for name in ("delimiter", "quoted", "encoding", "header") if values[name] is not None}
    request = {name: values[name] for name in ("name", "kind", "inputs", "answer") if values[name]}
    if values["hold_out"]:
        request["hold_out"] = values["hold_out"] / 100
    return {**request, "reading": reading, "task": {"title": values["title"]} if values["title"] else {}}


def guessed(request: Mapping[str, Any]) -> dict[str, Any]:
    """The guess, asked for again only where the request has changed. Raises TandemError."""
    if st.session_state.get("tasks_asked") != request:
        with st.spinner("Reading the data …"):
            st.session_state["tasks_guessed"] = tasks.guessed(parts.workspace(), request)
        st.session_state["tasks_asked"] = dict(request)
    answer: dict[str, Any] = st.session_state["tasks_guessed"]
    return answer


def fields(found: Mapping[str, Any]) -> None:
    """The guesses as a filled form."""
    definition = found["definition"]
    task, names = definition["task"], [column["name"] for column in found["columns"]]
    answers = task.get("label_columns") or [""]
    left, right = st.columns(2, gap="large")
    with left:
        start("name", definition["name"])
        st.text_input("Name", key="tasks_name", help="In commands and links: small letters, digits and _.")
        start("title", task["title"])
        st.text_input("Title", key="tasks_title")
        start("kind", task["kind"])
        st.selectbox("Kind", tasks.kinds(), key="tasks_kind", format_func=lambda kind: kind.replace("_", " "))
    with right:
        listed = [task["choices_column"]] if task.get("choices_column") else []  # one column holds all options
        start("inputs", [name for name in (*task["inputs"], *listed) if name in names])
        st.multiselect("Text columns", names, key="tasks_inputs", help="In the order in which the model reads them.")
        if answers[0] in names:
            start("answer", answers[0])
            st.selectbox("Answer column", names, key="tasks_answer")
        if not definition["data"].get("dev"):
            start("hold_out", round(100 * definition.get("hold_out", 0.1)))
            st.number_input("Held out as dev set, %", 1, 50, key="tasks_hold_out")
    reading = definition.get("reading", {})
    if reading.get("form") == "table":
        with st.expander("How the file is read"):
            table_fields(reading)


def table_fields(reading: Mapping[str, Any]) -> None:
    """Delimiter, quoting, encoding and header of a table."""
    for name in ("delimiter", "quoted", "encoding", "header"):
        start(name, reading[name])
    options = list(dict.fromkeys([*DELIMITERS, reading["delimiter"]]))
    st.segmented_control(
        "Delimiter", options, key="tasks_delimiter", required=True, format_func=lambda one: DELIMITERS.get(one, one)
    )
    encodings = list(dict.fromkeys([*ENCODINGS, reading["encoding"]]))
    st.segmented_control("Encoding", encodings, key="tasks_encoding", required=True)
    st.toggle("Quotation marks enclose fields", key="tasks_quoted")
    st.toggle("The first row has the columns' names", key="tasks_header")


def start(name: str, value: Any) -> None:
    """Fills a field with the guess, unless the visitor has said something else."""
    if untouched(name):
        st.session_state[f"tasks_{name}"] = value
        st.session_state.setdefault(GUESSES, {})[name] = value


def untouched(name: str) -> bool:
    """True while a field holds what was guessed."""
    key, known = f"tasks_{name}", st.session_state.get(GUESSES, {})
    return key not in st.session_state or (name in known and st.session_state[key] == known[name])


def preview(found: Mapping[str, Any]) -> None:
    """What there is, and the first rows as the model will see them."""
    task = found["definition"]["task"]
    sizes = f"**{found['train']:,}** training and **{found['dev']:,}** dev rows"
    st.markdown(f"{sizes} · {task['kind'].replace('_', ' ')}")
    unused = found["definition"]["unused"]
    answers = f"Answers from {' or '.join(found['answer'])}" + f". Not used: {', '.join(unused)}" * bool(unused)
    st.caption(parts.plain(answers))
    labels = {name: count for name, count in found["labels"].items() if name}
    if labels:
        shown = ", ".join(f"{parts.plain(name)} {count:,}" for name, count in list(labels.items())[:20])
        st.caption(f"Labels: {shown}" + f" and {len(labels) - 20} more" * (len(labels) > 20))
    for note in found["notes"]:
        st.caption(f":material/info: {parts.plain(note)}")
    rows = [
        {"row": row["place"], **row.get("inputs", {}), "answer": row.get("answer", row.get("fault"))}
        for row in found["preview"]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def save(request: Mapping[str, Any]) -> None:
    """Adds the task and shows it."""
    try:
        with st.spinner("Adding …"):
            name = tasks.added(parts.workspace(), request)
    except InvalidConfig as error:
        parts.show_faults(error)
        return
    shown(name)


def shown(name: str) -> None:
    """The task that was just added, in the form's place."""
    for key in [key for key in st.session_state if str(key).startswith("tasks_")]:
        del st.session_state[key]
    links.forget("add")
    st.query_params["task"] = name
    st.rerun()


def leave() -> None:
    """Back to the list."""
    links.forget("add", "task")
