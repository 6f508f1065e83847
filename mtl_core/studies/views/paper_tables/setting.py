"""The differences between a study's setting and the paper's, as far as the paper's is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.config.settings import value_text
from mtl_core.config.study import Arm, StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.words import encoder_name
from mtl_core.store import scores
from mtl_core.store.workspace import Workspace
from mtl_core.studies.arm_words import against_single_task
from mtl_core.studies.judge import Judged
from mtl_core.studies.views.paper_tables import reported

UNKNOWN = "not known"
SOURCES = {
    "sample": "generated sample",
    "folder": "the official files",
    "hub": "the Hugging Face hub",
    "own": "own files",
}


def table(workspace: Workspace, config: StudyConfig, judged: Sequence[Judged]) -> Table:
    """A line a setting: the paper's and ours."""
    configs = [arm.config for arm in config.arms]
    rows = [
        ("encoder", reported.ENCODER, _each(configs, lambda one: encoder_name(one.encoder))),
        ("data from", "the public sets", _each(configs, _sources)),
        *_sizes(workspace, config, judged),
        ("epochs", UNKNOWN, _each(configs, lambda one: f"{one.epochs:.3g}")),
        ("most tokens an input", UNKNOWN, _each(configs, lambda one: f"{one.max_length:,}")),
        ("precision", UNKNOWN, _each(configs, lambda one: one.precision)),
        ("learning rate", UNKNOWN, _each(configs, lambda one: value_text("learning_rate", one.learning_rate))),
        *_pairs(config),
        ("seeds per condition", "1", str(len(config.seeds))),
    ]
    return Table("What differs from the paper's setting", ("setting", "the paper", "here"), tuple(rows), align="lll")


def _sources(config: RunConfig) -> str:
    return " and ".join(dict.fromkeys(SOURCES[config.place_of(task)[0]] for task in config.tasks))


def _each(configs: Iterable[RunConfig], of: Callable[[RunConfig], str]) -> str:
    """The value that all have, or all values."""
    return " / ".join(dict.fromkeys(map(of, configs)))


def _sizes(workspace: Workspace, config: StudyConfig, judged: Sequence[Judged]) -> Iterator[tuple[str, str, str]]:
    """Training and dev examples of each target."""
    for target in dict.fromkeys(one.target for one in against_single_task(config)):
        whole, dev = reported.WHOLE.get(target), reported.DEV.get(target)
        sizes = dict.fromkeys(_train_sizes(workspace, target, judged))
        papers = f"{UNKNOWN}; the whole set has about {whole}" if whole else UNKNOWN
        yield f"{target}: training examples", papers, " / ".join(f"{size:,}" for size in sizes) or "nothing trained yet"
        scored = dict.fromkeys(one.examples for one in judged if one.comparison.target == target and one.examples)
        here = " / ".join(f"{count:,}" for count in scored) or "nothing scored yet"
        yield f"{target}: dev examples", f"{dev:,}" if dev else UNKNOWN, here


def _train_sizes(workspace: Workspace, target: str, judged: Sequence[Judged]) -> Iterator[int]:
    """Training examples of the target in one run of each arm, where they were counted."""
    sides = [side for one in judged if one.comparison.target == target for side in (one.baseline, one.treatment)]
    with workspace.read() as index:
        for run in (next(iter(side.runs.values())) for side in sides if side.runs):
            yield from (draw.size for draw in scores.draws_of(index, run.id) if draw.task == target and draw.size)


def _pairs(config: StudyConfig) -> Iterator[tuple[str, str, str]]:
    """The training of pairs of the paper's tasks."""
    for same, words in ((True, reported.SAME_DOMAIN), (False, reported.CROSS_DOMAIN)):
        arms = [arm for arm in config.arms if len(arm.config.tasks) > 1 and _one_kind(arm) is same]
        if arms:
            name = "pairs of one domain" if same else "pairs of two domains"
            yield name, words, _each([arm.config for arm in arms], _recipe)


def _one_kind(arm: Arm) -> bool:
    known = registry.names("tasks")
    return len({registry.load("tasks", task).kind for task in arm.config.tasks if task in known}) == 1


def _recipe(config: RunConfig) -> str:
    return f"{config.sharing} · {config.schedule} · {config.balancing}"
