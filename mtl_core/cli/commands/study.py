"""`study`: a question over several runs and seeds, with its baselines, trained and judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mtl_core.cli import verdicts
from mtl_core.cli.automation import (
    OPTIONS,
    automation_options,
    cost_lines,
    limits_of,
    of_preset,
    with_looks,
    with_wishes,
)
from mtl_core.cli.output import TypedPath, answer_of, common
from mtl_core.cli.run_options import config_from, config_options, preset_names, preset_values
from mtl_core.config import typed
from mtl_core.config.study import MATCHES, StudyConfig
from mtl_core.config.training_presets import TRAINING_PRESETS
from mtl_core.disk.json_text import parsed
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.store.workspace import Workspace

STOPPED = 130


@click.command("study")
@click.option(
    "--preset",
    metavar="NAME,NAME",
    help="paper, all_pairs, four_routes, size_curve, …  [default: question]; bert-2018 sets how all conditions train.",
)
@click.option(
    "--settings", metavar="JSON", default="{}", help='The preset\'s own settings, such as {"shares": [10, 100]}.'
)
@click.option("--seeds", metavar="NUMBER", default="3", help="Number of seeds, or a list: 1,2,5.  [default: 3]")
@click.option("--match", type=click.Choice([*MATCHES]), default="target_updates", help="What baselines are matched by.")
@click.option(
    "--margin", type=float, default=0.5, help="Differences below this many points count as equal.  [default: 0.5]"
)
@click.option("--from", "card", type=TypedPath(), help="A run card to repeat; only --seeds can change it.")
@click.option("--resume", "study_id", metavar="STUDY", help="Resume a paused study.")
@click.option("--list", "listing", is_flag=True, help="List all studies.")
@click.option("--dry-run", is_flag=True, help="Print the planned runs without training.")
@click.option("--background", is_flag=True, help="Queue the runs and return at once.")
@automation_options
@config_options
@common
@click.pass_context
def command(ctx: click.Context, /, workspace: Workspace, listing: bool, study_id: str | None, **options: Any) -> int:
    """Ask whether training together helps: arms, baselines and seeds, with a verdict.

    Options of `train` hold for all arms. The first task is the target.
    """
    from mtl_core.cli import studying
    from mtl_core.jobs import studies as jobs
    from mtl_core.store import studies

    answer = answer_of(ctx)
    if listing:
        return verdicts.list_studies(answer, workspace)
    background, dry_run = options.pop("background"), options.pop("dry_run")
    tune, tuner, looks, spending, *auto = (options.pop(name) for name in OPTIONS)
    limits = limits_of(**dict(zip(OPTIONS[4:], auto, strict=True)))
    if study_id:
        found = studies.get(workspace, study_id)
        stop = studying.listen(background=background)
        if limits:
            jobs.run_auto(workspace, found.id, of_preset(limits, found.config.preset))
        else:
            jobs.go_on(workspace, found.id)
    else:
        planned = with_looks(jobs.settled(asked(workspace, **options)), looks, spending)
        config = with_wishes(planned, tune=tune, tuner=tuner, limits=limits)
        lines = cost_lines(workspace, config)
        if dry_run:
            return verdicts.tell_runs(answer, config, lines, workspace)
        workspace.check()
        study_id = studies.add(workspace, config).id
        for line in (f"study {study_id}: {config.name}", *lines):
            answer.say(line)
        stop = studying.listen(background=background)
        jobs.start(workspace, study_id)
        if sealed := studies.get(workspace, study_id).seal:
            answer.say(f"plan sealed: {sealed.hash}")
    if not background and not studying.wait(answer, workspace, study_id, stop):
        answer.say(f"`python -m mtl_core study --resume {study_id}` resumes it")
        verdicts.tell(answer, workspace, study_id)
        return STOPPED
    return verdicts.tell(answer, workspace, study_id)


def asked(workspace: Workspace, *, card: Path | None, seeds: str, **options: Any) -> StudyConfig:
    """The study that the options ask for. Raises InvalidConfig."""
    from mtl_core.cli import study_check
    from mtl_core.config import study
    from mtl_core.studies import card as cards

    numbers = _seeds(seeds)
    if card is None:
        return _designed(workspace, numbers, **options)
    given = click.get_current_context().get_parameter_source("seeds")
    config = cards.read(card)
    if given is not None and given.name != "DEFAULT":
        config = study.parse({**config.model_dump(), "seeds": numbers})
    if options["data"]:
        config = study_check.with_data(config, options["data"])
    study_check.check(workspace, config)
    return config


def _designed(
    workspace: Workspace,
    seeds: tuple[int, ...],
    *,
    preset: str | None,
    settings: str,
    match: Any,
    margin: float,
    **given: str | None,
) -> StudyConfig:
    from mtl_core import study_designs
    from mtl_core.engine.draws import PlannedDraws
    from mtl_core.studies.design import design

    if given.get("seed") is not None:
        raise InvalidConfig([Fault("seed", "a study has several. Use --seeds.")])
    if given.get("merging") or given.get("merge_from"):
        words = "a study merges by its preset. Use --preset four_routes, or methods with the family merging."
        raise InvalidConfig([Fault("merging", words)])
    design_name, training = _presets(preset or "")
    found = study_designs.parsed(design_name, _json(settings))
    name, given["name"] = given.get("name"), None
    tasks = given.get("tasks") or ",".join(found.usual_tasks)
    settled = {field for field, value in given.items() if value is not None} | {*preset_values(training, tasks)}
    suggested = {field: str(value) for field, value in found.suggested.items() if field not in settled}
    base = config_from({**given, **suggested, "tasks": tasks}, presets=training)
    look = PlannedDraws(workspace.find_run, tokens=match == "seconds")
    return design(found, base, base.tasks, look, name=name or "", match=match, seeds=seeds, margin=margin)


def _presets(text: str) -> tuple[str, list[str]]:
    """The design, and presets of training. Raises InvalidConfig for more than one design."""
    names = preset_names(text)
    training = [name for name in names if name in {preset.name for preset in TRAINING_PRESETS}]
    designs = [name for name in names if name not in training] or ["question"]
    if len(designs) > 1:
        words = (
            f"'{designs[0]}' and '{designs[1]}' are two questions. Name one, and ask the other in a study of its own."
        )
        raise InvalidConfig([Fault("preset", words)])
    return designs[0], training


def _json(text: str) -> dict[str, Any]:
    try:
        found = parsed(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        words = f"'{text}' is not valid JSON. Use names and values such as {{\"shares\": [10, 100]}}."
        raise InvalidConfig([Fault("settings", words)])
    return found


def _seeds(text: str) -> tuple[int, ...]:
    """ "3" is 1, 2, 3; "1,2,5" are those, and "5," is 5 alone."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(map(typed.is_whole, parts)):
        raise InvalidConfig([Fault("seeds", f"'{text}' is not a number of seeds. Use 3, or list them: 1,2,5.")])
    numbers = [int(part) for part in parts]
    if "," in text:
        return tuple(numbers)
    if not 1 <= numbers[0] <= 100:
        raise InvalidConfig([Fault("seeds", f"{numbers[0]} seeds can't be trained. Use 1 to 100; 3 is usual.")])
    return tuple(range(1, numbers[0] + 1))
