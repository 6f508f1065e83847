"""`train`: one run, here or in the background."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_core.cli import training
from mtl_core.cli.output import CommandOutput, TypedPath, answer_of, common
from mtl_core.cli.run_options import config_from, config_options, preset_names
from mtl_core.config.presets import PRESETS
from mtl_core.config.run import RunConfig
from mtl_core.config.training_presets import TRAINING_PRESETS
from mtl_core.records import RunState
from mtl_core.store.workspace import Workspace

PRESET_NAMES = ", ".join(preset.name for preset in (*TRAINING_PRESETS, *PRESETS))


@click.command("train")
@config_options
@click.option(
    "--preset", metavar="NAME,NAME", default="", help=f"{PRESET_NAMES}, or several of them; other options go before."
)
@click.option("--config", "file", type=TypedPath(), help="A run's config.json; options go before it.")
@click.option("--background", is_flag=True, help="Start it as the dashboard would, and return at once.")
@common
@click.pass_context
def command(
    ctx: click.Context, /, workspace: Workspace, preset: str, file: Path | None, background: bool, **given: str | None
) -> int:
    """Train on one task or on several at once."""
    config = config_from(given, file, preset_names(preset))
    check(workspace, config)
    if background:
        from mtl_core.jobs.queue import submit

        [run_id] = submit(workspace, [config])
        return training.background(answer_of(ctx), workspace, run_id)
    return _foreground(answer_of(ctx), workspace, config)


def _foreground(answer: CommandOutput, workspace: Workspace, config: RunConfig) -> int:
    """Trains the run, and before it the single-task runs that are to be trained first."""
    from mtl_core.jobs.foreground import registered

    if config.trained_first:
        found = []
        for task in config.tasks:
            run_id, state = training.carried_out(workspace, registered(workspace, config.alone(task)))
            if state != RunState.FINISHED:
                return training.tell(answer, workspace, run_id, state)
            found.append(run_id)
        config = config.model_copy(update=dict.fromkeys(config.trained_first, tuple(found)))
    return training.foreground(answer, workspace, registered(workspace, config))


def check(workspace: Workspace, config: RunConfig) -> None:
    """Raises TandemErrors for all that can go wrong before there is a run."""
    from mtl_core.engine import check as engine
    from mtl_core.jobs.liveness import sweep

    workspace.check()
    sweep(workspace)
    engine.check(config, workspace.find_run)
