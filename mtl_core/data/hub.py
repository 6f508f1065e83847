"""The source `hub`: a task's data set on the Hugging Face hub, kept in its local cache once it was fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mtl_core.data.examples import Split, TaskData, build
from mtl_core.encoders import hub_connection
from mtl_core.errors import DataError, HubUnreachable
from mtl_core.kinds import Task
from mtl_core.kinds._reading import Row

HubName = tuple[str, str | None]
"""A data set's id and configuration."""


def read(task: Task) -> TaskData:
    """The task's train and dev splits: from the local cache where they are in it, from the hub otherwise.

    Raises HubUnreachable, within seconds where the hub does not answer at all, and DataError.
    """
    train, dev = read_named(task, "train", task.hub_dev)
    assert dev is not None
    return TaskData(train, dev)


def read_named(task: Task, train: str, dev: str | None) -> tuple[Split, Split | None]:
    """The splits of these names; no dev split for None. Raises as `read` does."""
    with _bounded():
        splits = _cached(task.hub) or _fetched(task.hub)
    missing = [name for name in (train, dev) if name and name not in splits]
    if missing:
        raise DataError(
            f"{_name(task.hub)} on the hub has no split '{missing[0]}'. It has {', '.join(splits)}.", field="source"
        )
    return _split(task, splits, train), _split(task, splits, dev) if dev else None


def raw(repository: str, configuration: str | None) -> tuple[dict[str, list[Row]], dict[str, list[str]]]:
    """The rows of each split as they are, and the names of numbered classes by column. Raises as `read` does."""
    hub = repository, configuration
    with _bounded():
        splits = _cached(hub) or _fetched(hub)
    features = next(iter(splits.values())).features
    names = {column: list(known) for column, feature in features.items() if (known := _class_names(feature))}
    return {name: split.to_list() for name, split in splits.items()}, names


def _split(task: Task, splits: Any, name: str) -> Split:
    def where(number: int | None) -> str:
        place = f"{_name(task.hub)} on the hub, split {name}"
        return place if number is None else f"{place}, row {number + 1:,}"

    split = splits[name]
    features = {column: _class_names(feature) for column, feature in split.features.items()}
    names = {column: known for column, known in features.items() if known}
    return build(task, split.to_list(), where, names=names)


def _class_names(feature: Any) -> list[str] | None:
    """Names of numbered answers, also of those in a list; None where they are not numbered."""
    return getattr(getattr(feature, "feature", feature), "names", None)


def _cached(hub: HubName) -> Any:
    """Every split that was fetched before; None where there is none. Asks no network."""
    from datasets.packaged_modules.cache.cache import Cache

    repository, configuration = hub
    try:
        builder = Cache(
            repo_id=repository,
            dataset_name=repository.split("/")[-1],
            config_name=configuration,
            version="auto",
            hash="auto",
        )
        return builder.as_dataset()
    except (ValueError, OSError):
        return None


def _fetched(hub: HubName) -> Any:
    try:
        if hub_connection.listing("datasets", hub[0]) is None:
            raise DataError(f"the hub has no data set '{hub[0]}'. Check the task's hub id.", field="source")
        try:
            return _loaded(hub, force=False)
        except DataError:
            return _loaded(hub, force=True)  # a broken download stays in the cache, and would be read again
    except HubUnreachable as error:
        raise HubUnreachable(
            f"{error}, and {_name(hub)} is not on this machine. "
            "Use the source 'folder' or 'sample', or try again when the hub can be reached."
        ) from error


def _loaded(hub: HubName, *, force: bool) -> Any:
    import httpx2
    from datasets import DownloadMode, load_dataset

    mode = DownloadMode.FORCE_REDOWNLOAD if force else DownloadMode.REUSE_DATASET_IF_EXISTS
    try:
        return load_dataset(*hub, download_mode=mode)
    except HubUnreachable:
        raise
    except (OSError, httpx2.HTTPError) as error:
        raise HubUnreachable(f"the Hugging Face hub at {hub_connection.endpoint()} broke off") from error
    except Exception as error:  # what datasets raises for broken files has no common base
        raise DataError(
            f"{_name(hub)} on the hub can't be read ({_innermost(error)}). "
            "Try again later, or use the source 'folder' or 'sample'.",
            field="source",
        ) from error


def _innermost(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _name(hub: HubName) -> str:
    return " ".join(part for part in hub if part)


@contextmanager
def _bounded() -> Iterator[None]:
    """Keeps `datasets` from printing, and from asking servers beside the hub, where it waits up to 100 seconds."""
    import datasets
    from datasets import config

    bars = datasets.are_progress_bars_disabled()
    level, counts, export = (
        datasets.logging.get_verbosity(),
        config.HF_UPDATE_DOWNLOAD_COUNTS,
        config.USE_PARQUET_EXPORT,
    )
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)  # errors are reported in our own words
    hub_connection.bound_waits()
    config.HF_UPDATE_DOWNLOAD_COUNTS = config.USE_PARQUET_EXPORT = False
    try:
        yield
    finally:
        config.HF_UPDATE_DOWNLOAD_COUNTS, config.USE_PARQUET_EXPORT = counts, export
        datasets.logging.set_verbosity(level)
        if not bars:
            datasets.enable_progress_bars()
