"""Adding and checking tasks: what the command line does itself, and the Tasks page in a process of its own.

    python -m mtl_core.workers.intake --runs-dir DIR [--output FILE] < REQUEST

A request is JSON: {"do": "add", "what": "/data/tickets.csv", ...} (`add`), {"do": "check", "name": "tickets"}
(`check`), {"do": "export", ...} (`pass_on`), {"do": "import", ...} (`take_over`) or {"do": "remember", ...}
(`remember`). The answer is JSON too, on standard
output or in the file: what was asked for, or {"faults": [...]}.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config import typed
from mtl_core.config.definitions import SPLITS, need_share, version
from mtl_core.config.places import join_place, place_faults
from mtl_core.data import checks, guess, own, passing_on, remarks, sources
from mtl_core.disk import whole
from mtl_core.errors import DataError, Fault, InvalidConfig, TandemError
from mtl_core.store import tasks
from mtl_core.store.tasks import TaskShelf
from mtl_core.store.workspace import Workspace

HUB = "hub:"


def add(shelf: TaskShelf, request: Mapping[str, Any]) -> dict[str, Any]:
    """Guesses a task, reads all of its data, and adds it unless `dry_run`. Raises TandemErrors; then nothing is added.

    `what` is a file (`dev` another), a folder, or hub:ID or hub:ID:CONFIGURATION. Further: `name`, `kind`, `inputs`,
    `answer`, `task` (fields of the task), `reading`, `hold_out`, `rules`, `left_out`, `copy`, `replace`, `dry_run`.
    """
    need_share(request.get("hold_out"))
    found = _guessed(str(request["what"]), request)
    definition = {**found.definition}
    if request.get("rules"):
        definition = checks.with_rules(definition, request["rules"], request.get("left_out", ()))
    name, dry_run = definition["name"], bool(request.get("dry_run"))
    tasks.check_name(name)
    if name in shelf.names() and not (request.get("replace") or dry_run):
        words = f"there is a task '{name}' already. Give another --name, or replace it with --replace."
        raise InvalidConfig([Fault("name", words)])
    definition = tasks.refreshed(definition)
    data = own.read(found.task, definition)
    definition["counts"] = {"train": len(data.train.examples), "dev": len(data.dev.examples)}
    answer = own.answer_columns(found.task)
    used = {*found.task.inputs, *answer}
    definition["unused"] = [column.name for column in found.columns if column.name not in used]
    if not dry_run:
        definition = shelf.save(_copied(shelf.files_of(name), definition) if request.get("copy") else definition)
    return {
        **guess.document(found),
        "definition": definition,
        "version": version(definition),
        "answer": list(answer),
        "train": len(data.train.examples),
        "dev": len(data.dev.examples),
        "labels": own.labels_of(found.task, data.train.examples),
        "notes": [*found.notes, *data.train.notes, *data.dev.notes, *remarks.of(found.task, data)],
    }


def _guessed(what: str, request: Mapping[str, Any]) -> guess.Guessed:
    said = guess.Said(
        name=str(request.get("name") or ""),
        kind=str(request.get("kind") or ""),
        inputs=tuple(request.get("inputs") or ()),
        answer=str(request.get("answer") or ""),
        task=request.get("task") or {},
        reading=request.get("reading") or {},
        hold_out=request.get("hold_out"),
    )
    if what.startswith(HUB):
        repository, _, configuration = what.removeprefix(HUB).partition(":")
        return guess.of_hub(repository, configuration or None, said)
    dev = str(request.get("dev") or "")
    for field, text in (("data", what), ("dev", dev)):
        if words := typed.path_fault(text):
            raise DataError(f"'{text}' {words}", field=field)
    if typed.is_folder(what):
        return guess.of_folder(typed.path(what), said)
    return guess.of_files(typed.path(what), typed.path(dev) if dev else None, said)


def _copied(files: Path, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with its files inside the workspace."""
    data = dict(definition["data"])
    if "hub" in data:
        return dict(definition)
    files.mkdir(parents=True, exist_ok=True)
    for split in (split for split in SPLITS if data.get(split)):
        target = files / f"{split}-{Path(data[split]['path']).name}"
        shutil.copyfile(data[split]["path"], target)
        data[split] = {"path": str(target)}
    return {**definition, "data": data}


def check(shelf: TaskShelf, request: Mapping[str, Any]) -> dict[str, Any]:
    """What is in a task's data (`name`), before any of its rules. With `leave_out`, an own task keeps those rules.

    `encoder` and `max_length` say how tokens are counted; without an encoder they are not.
    """
    from mtl_core import encoders

    name = str(request["name"])
    task = registry.load("tasks", name)
    definition = tasks.own_task(shelf, name) if name in shelf.names() else None
    data = own.read_whole(task, definition) if definition else sources.whole(task)
    tokenizer = encoders.load_tokenizer(request["encoder"]) if request.get("encoder") else None
    found = checks.report(task, data, tokenizer, int(request.get("max_length") or 128))
    if request.get("leave_out") is not None:
        near: list[str] = next((one["ids"] for one in found["findings"] if one["rule"] == "near_dev"), [])
        definition = checks.with_rules(tasks.own_task(shelf, name), request["leave_out"], near)
        left = own.read(task, definition)
        counts = {"train": len(left.train.examples), "dev": len(left.dev.examples)}
        definition = shelf.save({**definition, "counts": counts})
    found["rules"] = definition.get("rules", []) if definition else []
    found["version"] = version(definition) if definition else ""
    return found


def pass_on(shelf: TaskShelf, request: Mapping[str, Any]) -> dict[str, Any]:
    """Writes an own task (`name`) to the file `output`, with its data or only their hashes (`with_data`)."""
    definition = tasks.own_task(shelf, str(request["name"]))
    passing_on.export(definition, Path(request["output"]), with_data=bool(request["with_data"]))
    return {"name": definition["name"], "version": version(definition), "file": request["output"]}


def take_over(shelf: TaskShelf, request: Mapping[str, Any]) -> dict[str, Any]:
    """Adds the task of a `file` that was exported, under another `name` if one is given, with `train` and `dev` as its
    data where it came without. Raises TandemErrors; then nothing is added."""
    exported, with_data = passing_on.read(Path(request["file"]))
    definition = {**exported, "name": request.get("name") or exported["name"]}
    need_share(definition.get("hold_out"))
    tasks.check_name(definition["name"])
    if definition["name"] in shelf.names() and not request.get("replace"):
        words = f"there is a task '{definition['name']}' already. Give another --name, or replace it with --replace."
        raise InvalidConfig([Fault("name", words)])
    train, dev = (Path(path) if (path := request.get(split)) else None for split in SPLITS)
    files = shelf.files_of(definition["name"])
    try:
        if "hub" not in definition["data"]:
            own_data = with_data and train is None
            definition = (
                passing_on.unpack(Path(request["file"]), definition, files)
                if own_data
                else passing_on.pointed(definition, train, dev)
            )
        definition = tasks.refreshed(definition)
        passing_on.need_readable(definition)
    except BaseException:
        if definition["name"] not in shelf.names():
            shutil.rmtree(files, ignore_errors=True)
        raise
    saved = shelf.save(definition)
    now, then = version(saved), version({**exported, "name": saved["name"]})
    return {"name": saved["name"], "version": now, "exported": then, "same": now == then}


def remember(shelf: TaskShelf, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remembers for tasks of the code (`names`) where their data lie: a `source`, and of a folder its path (`data`).
    Task → place. Raises TandemErrors where they do not lie there; then, and with `dry_run`, nothing is remembered."""
    names, source, data = request["names"], request.get("source"), request.get("data")
    if not source or (source == "folder" and not data):
        words = f"say where the data of {', '.join(names)} lie: --data FOLDER, --source hub or --source sample."
        raise InvalidConfig([Fault("source", words)])
    place = join_place(source, data and str(typed.path(data).absolute()))
    found = dict.fromkeys(names, place)
    if faults := place_faults({"task_sources": found}):
        raise InvalidConfig(faults)
    for name in names:
        sources.need(registry.load("tasks", name), source, data)
    for name in () if request.get("dry_run") else names:
        shelf.remember(name, place)
    return found


DO = {"add": add, "check": check, "export": pass_on, "import": take_over, "remember": remember}


def main(arguments: list[str]) -> int:
    """Exit code 0 with an answer, also where it is a list of faults."""
    parser = argparse.ArgumentParser(description="Adds and checks tasks.")
    parser.add_argument("--runs-dir", type=Path, required=True)
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args(arguments)
    request = json.load(sys.stdin)
    try:
        answer = DO[request["do"]](tasks.use(Workspace(asked.runs_dir)), request)
    except TandemError as error:
        answer = {"faults": [{"field": fault.field, "message": fault.message} for fault in error.faults]}
    text = json.dumps(answer, ensure_ascii=False)
    if asked.output:
        whole.write_text(asked.output, text)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
