"""`train`: one run, here or in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mtl_core.cli.output import Answer, answer_of, common
from mtl_core.cli.run_options import config_from, config_options
from mtl_core.cli.words import SAMPLE, duration, percent
from mtl_core.config import RunConfig

EXIT = {"finished": 0, "stopped": 130}


@click.command("train")
@config_options
@click.option("--config", "file", type=click.Path(path_type=Path), help="A run's config.json; options go before it.")
@click.option("--background", is_flag=True, help="Start it as the dashboard would, and return at once.")
@common
@click.pass_context
def command(ctx: click.Context, /, runs_dir: Path, file: Path | None, background: bool, **given: str | None) -> int:
    """Train on one task or on several at once."""
    config = config_from(given, file)
    check(runs_dir, config)
    if background:
        return _background(answer_of(ctx), runs_dir, config)
    return _foreground(answer_of(ctx), runs_dir, config)


def check(runs_dir: Path, config: RunConfig) -> None:
    """Raises TandemErrors for all that can go wrong before there is a run."""
    from mtl_core.engine import check as engine
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store import place

    place.check(runs_dir)
    sweep(runs_dir)
    engine.check(config)


def _background(answer: Answer, runs_dir: Path, config: RunConfig) -> int:
    from mtl_core.jobs.queue import submit
    from mtl_core.store import describe

    [run_id] = submit(runs_dir, [config])
    state = describe.result(runs_dir, run_id)["state"]
    waits = " It waits until its device is free." if state == "queued" else ""
    words = f"run {run_id} is {state}.{waits} `python -m mtl_core show {run_id}` says how far it is."
    answer.give({"id": run_id, "state": state}, words)
    return 0


def _foreground(answer: Answer, runs_dir: Path, config: RunConfig) -> int:
    from mtl_core.cli.bar import Bar
    from mtl_core.jobs.foreground import registered
    from mtl_core.processes.one_run import carry_out
    from mtl_core.processes.stop import Stop
    from mtl_core.store import describe

    with registered(runs_dir, config) as mine, Bar() as bar:
        run = mine.run
        bar.write(f"run {run.id}: {run.title}")
        if run.slot is None:
            bar.write(f"another run has {run.device}; this one trains beside it, and both take longer")
        state = carry_out(runs_dir, run, mine.lock, Stop(told=bar.write), bar)
    document = describe.document(runs_dir, run.id)
    if state in EXIT:
        short = ("id", "state", "scores", "draws", "examples_per_second", "seconds")
        answer.give({name: document[name] for name in short}, _words(document))
        return EXIT[state]
    return _failed(answer, document, runs_dir)


def _failed(answer: Answer, document: dict[str, Any], runs_dir: Path) -> int:
    message = f"run {document['id']} has {document['state']}: {document['detail']}"
    answer.say(f"{message}\n{runs_dir / document['id'] / 'log.txt'} says more.")
    answer.give({**document, "error": document["detail"], "faults": []}, "")
    return 1


def _words(run: dict[str, Any]) -> str:
    speed = run["examples_per_second"] or 0.0
    lines = [f"run {run['id']} {run['state']} after {duration(run['seconds'])}, {speed:.0f} examples a second"]
    for task, found in run["scores"].items():
        shown = ", ".join(f"{metric} {percent(value)}" for metric, value in found.items())
        lines.append(f"  {task}: {shown}" + f"  ({SAMPLE})" * run["generated"])
    return "\n".join(lines)
