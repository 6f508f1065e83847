"""What people write on a run: its name, tags and a note. They lie in the run's folder, and in the index for lists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from sqlite_utils import Database

from mtl_core.config.unwritable import text_fault
from mtl_core.errors import Fault, InvalidConfig, RunNotFound, StoreError
from mtl_core.store import runs
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.workspace import Workspace

LONGEST_NAME, LONGEST_TAG, LONGEST_NOTE = 120, 40, 4000
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one run; empty where nobody has written any."""

    name: str = ""
    """Empty: the name that the run was launched with, or the one made of its config."""
    tags: tuple[str, ...] = ()
    note: str = ""


def read(folder: RunFolder) -> Labels:
    """The labels in a run's folder. Raises StoreError for a file that holds none."""
    try:
        found = folder.read_json(folder.labels)
        return Labels(str(found.get("name", "")), tuple(map(str, found.get("tags", ()))), str(found.get("note", "")))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StoreError(f"{folder.labels} can't be read: {error}. Delete it or mend it.") from error


def change(
    workspace: Workspace,
    run_id: str,
    *,
    name: str | None = None,
    tags: Iterable[str] | None = None,
    note: str | None = None,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Labels:
    """Writes a run's labels, those that are given, into its folder and the index; all of them as they are then.

    `tags` replaces all tags, `add` and `remove` change single ones. Raises RunNotFound, StoreError, and InvalidConfig
    with everything that is too long; StoreError also for a run of the example.
    """
    with workspace.read() as index:
        if runs.get(index, run_id).example:
            raise StoreError(runs.PART_OF_EXAMPLE.format(run=run_id))
    folder = workspace.run(run_id)
    if not folder.path.is_dir():
        raise RunNotFound(f"the folder of run '{run_id}' is missing. `python -m mtl_core reindex` drops such runs.")
    with workspace.write() as index, immediate(index):  # two that change a run's labels do so one after the other
        found = read(folder)
        kept = found.tags if tags is None else tags
        wanted = replace(
            found,
            name=found.name if name is None else " ".join(name.split()),
            tags=_tags([*kept, *add], without=remove),
            note=found.note if note is None else note.strip(),
        )
        _check(wanted)
        with folder.writing():
            folder.write_json(folder.labels, {**asdict(wanted), "tags": list(wanted.tags)})
        publish(index, folder, wanted)
    return wanted


def publish(index: Database, folder: RunFolder, found: Labels | None = None) -> None:
    """Tells the index what the folder's labels are. Raises StoreError."""
    found = found or read(folder)
    title = found.name or runs.title(runs.get(index, folder.id).config, folder.id)
    runs.update(index, folder.id, title=title, tags=json.dumps(found.tags, ensure_ascii=False), note=found.note)


def tags_in(text: str) -> list[str]:
    """Tags as they are typed: "paper, first try". Raises ValueError where one of them is empty."""
    found = [" ".join(part.split()) for part in text.split(",")]
    if not all(found):
        raise ValueError(f"'{text}' has an empty tag. Give tags with commas between, such as \"paper, first try\".")
    return found


def _tags(wanted: Iterable[str], without: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, in the order in which they came; "Paper" and "paper" are one, "a, b" are two."""
    gone, found = {tag.casefold() for tag in without}, dict[str, str]()
    for tag in (part for typed in wanted for part in typed.split(",")):
        clean = " ".join(tag.split())
        if clean and clean.casefold() not in gone:
            found.setdefault(clean.casefold(), clean)
    return tuple(found.values())


def _check(labels: Labels) -> None:
    texts = (("name", labels.name), ("note", labels.note), *(("tags", tag) for tag in labels.tags))
    faults = [Fault(field, words) for field, text in texts if (words := text_fault(text))]
    if len(labels.name) > LONGEST_NAME:
        faults.append(Fault("name", f"has {len(labels.name):,} characters; {LONGEST_NAME} are the most."))
    for tag in labels.tags:
        if len(tag) > LONGEST_TAG:
            faults.append(Fault("tags", f"'{tag[:20]}…' has {len(tag):,} characters; {LONGEST_TAG} are the most."))
    if len(labels.tags) > MOST_TAGS:
        faults.append(Fault("tags", f"{len(labels.tags)} tags are too many, {MOST_TAGS} are the most."))
    if len(labels.note) > LONGEST_NOTE:
        faults.append(Fault("note", f"has {len(labels.note):,} characters; {LONGEST_NOTE:,} are the most."))
    if faults:
        raise InvalidConfig(faults)
