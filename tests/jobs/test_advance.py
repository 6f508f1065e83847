"""A study that goes on by itself: trials, its own runs, further seeds, whoever is killed in between."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mtl_core.config import run as configs
from mtl_core.config.automation import Auto, Tune
from mtl_core.config.study import Arm, Comparison, StudyConfig, with_auto
from mtl_core.disk import lock
from mtl_core.errors import StudyNotFound
from mtl_core.jobs import advance, catalogue, control, identity, queue, study_runs
from mtl_core.jobs import studies as jobs
from mtl_core.records import RunState
from mtl_core.store import queue as queue_rows
from mtl_core.store import runs, studies
from mtl_core.store.automation import Trial
from mtl_core.store.runs import Run
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import auto as auto_words
from mtl_core.studies import halving
from mtl_core.studies.judge import judge
from mtl_core.studies.tuning import tuned_words
from tests import builders

DEV = 400
FLIPPED = 0.05
"""Answers that come out otherwise by chance, seed by seed; which examples are hard is the same for all arms."""


@pytest.fixture(scope="module")
def methods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue of methods, made once."""
    there = Workspace(tmp_path_factory.mktemp("catalogue"))
    catalogue.read(there)
    return there.cache / f"methods-{catalogue.fingerprint()}.json"


@pytest.fixture
def workspace(tmp_path: Path, methods: Path) -> Iterator[Workspace]:
    """A runs folder whose one device is taken, so that everything waits until a test ends it."""
    workspace = Workspace(tmp_path)
    workspace.cache.mkdir(parents=True)
    shutil.copy(methods, workspace.cache)
    busy = builders.run(workspace, state="queued", device="cpu", seed=99)
    held = lock.take(workspace.run(busy).lock)
    assert held is not None
    with workspace.write() as index:
        queue_rows.begin(index, busy, identity.holder(os.getpid()), "cpu")
    yield workspace
    os.close(held)


def study(
    workspace: Workspace,
    *,
    tune: Tune | None = None,
    auto: Auto | None = None,
    seeds: int = 1,
    helpers: tuple[str, ...] = ("mnli", "squad"),
) -> str:
    """Does mnli help sst2? And squad?"""
    alone = configs.parse({"tasks": "sst2", "device": "cpu"})
    arms = [Arm(name="alone", config=alone, baseline=True)]
    arms += [
        Arm(name=f"with {one}", config=alone.model_copy(update={"tasks": ("sst2", one), "sharing": "hard"}))
        for one in helpers
    ]
    compared = tuple(Comparison(target="sst2", baseline="alone", treatment=arm.name) for arm in arms[1:])
    config = StudyConfig(
        name="Does it?", arms=tuple(arms), comparisons=compared, seeds=tuple(range(1, seeds + 1)), tune=tune
    )
    return studies.add(workspace, with_auto(config, auto) if auto else config).id


def now(workspace: Workspace, study_id: str) -> Study:
    return studies.get(workspace, study_id)


def waiting(workspace: Workspace) -> list[Run]:
    with workspace.read() as index:
        return sorted(runs.listing(index, states=(RunState.QUEUED,)), key=lambda run: run.queued)


def titles(workspace: Workspace) -> list[str]:
    return [run.title for run in waiting(workspace)]


def end_trials(workspace: Workspace, loss: float = 0.5, **values: object) -> None:
    """Ends every trial that waits; its loss falls towards a learning rate of 1e-4, and is highest for the designed."""
    for run in waiting(workspace):
        own = loss + abs(run.config.learning_rate - 1e-4) + 0.1 * (run.config.learning_rate == 5e-5)
        # another task's loss must not decide: it grows as the target's falls
        losses = [{task: own if task == "sst2" else 1 - own for task in run.config.tasks}]
        builders.end(workspace, run.id, losses=losses, **values)  # type: ignore[arg-type]


def end_seeds(workspace: Workspace, shares: dict[str, float], seconds: float = 23.0) -> None:
    """Ends every run of a seed that waits; `shares`: right answers of an arm."""
    for run in waiting(workspace):
        arm = run.title.partition(" · ")[0]
        hard, noise = random.Random(0), random.Random(f"{arm} {run.seed}")
        right = [(hard.random() < shares[arm]) != (noise.random() < FLIPPED) for _ in range(DEV)]
        scores = {task: [float(one) for one in right] for task in run.config.tasks}
        builders.end(workspace, run.id, scores=scores, seconds=seconds)


def test_every_arm_is_tuned_with_one_budget_and_then_trained_with_what_was_chosen(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=3), seeds=2)
    assert len(jobs.start(workspace, study_id)) == 3
    assert titles(workspace) == ["alone · trial 1", "with mnli · trial 1", "with squad · trial 1"]
    first = waiting(workspace)
    assert {run.config.learning_rate for run in first} == {5e-5}
    assert {(run.seed, run.config.eval_limit) for run in first} == {(1_000_000, 0)}
    assert advance.advance(workspace, study_id) == []
    for _ in range(3):
        end_trials(workspace)
        advance.advance_all(workspace)
    found = now(workspace, study_id)
    assert {arm: len(own) for arm, own in found.automation.trials.items()} == {arm.name: 3 for arm in found.config.arms}
    for arm in found.config.arms:
        own = found.automation.trials[arm.name]
        best = min(own, key=lambda one: one.loss or 9)
        assert arm.tuned is not None
        assert arm.tuned.trial == best.number
        assert arm.config.learning_rate == best.values["learning_rate"] != arm.tuned.base["learning_rate"] == 5e-5
        assert arm.untuned.config.learning_rate == 5e-5
        assert [one.loss for one in own[1:]] == [
            pytest.approx(0.5 + abs(one.values["learning_rate"] - 1e-4)) for one in own[1:]
        ]
    assert titles(workspace) == [
        f"{arm} · seed {seed}" for seed in (1, 2) for arm in ("alone", "with mnli", "with squad")
    ]
    assert not found.automation.going
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.7, "with squad": 0.5})
    assert advance.advance(workspace, study_id) == []
    for one in judge(workspace, found):
        assert one.confounds == ()
        assert one.comparison.matched == "same tuning budget (3 trials per condition)"
    words = tuned_words(found.config, found.config.comparisons[0])
    assert [text.partition(":")[0] for text in words] == ["alone", "with mnli"]
    assert all("of 3" in text for text in words)


def test_proposals_follow_from_the_study_alone(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=4))
    jobs.start(workspace, study_id)
    end_trials(workspace)
    before = now(workspace, study_id)
    advance.advance(workspace, study_id)
    once = now(workspace, study_id).automation.trials["alone"][1]
    again = [run for run in waiting(workspace) if run.title == "alone · trial 2"]
    assert len(again) == 1
    # killed after the runs were queued and before the study was written: the same trials are found, none is new
    studies.restore(workspace, before)
    assert advance.advance(workspace, study_id) == []
    assert now(workspace, study_id).automation.trials["alone"][1] == once
    assert len(waiting(workspace)) == 3


def test_a_kill_between_asking_and_queueing_loses_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_id = study(workspace, tune=Tune(trials=2))

    def killed(*_: object) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(study_runs.queue, "submit", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.start(workspace, study_id)
    assert waiting(workspace) == []
    assert len(jobs.start(workspace, study_id)) == 3


def test_a_trial_that_fails_counts_and_is_named(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2))
    jobs.start(workspace, study_id)
    for run in waiting(workspace):
        builders.end(workspace, run.id, state="failed", detail="Loss became NaN or infinite at step 3.")
    advance.advance(workspace, study_id)
    end_trials(workspace)
    advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    failed, done = found.automation.trials["alone"]
    assert failed.failed == "Loss became NaN or infinite at step 3."
    assert (done.number, done.loss is not None) == (2, True)
    arm = found.config.arm("alone")
    assert arm.tuned is not None
    assert arm.tuned.trial == 2
    assert len(waiting(workspace)) == 3


def test_an_arm_without_any_result_stays_as_designed(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2))
    jobs.start(workspace, study_id)
    for _ in range(2):
        for run in waiting(workspace):
            if run.title.startswith("alone"):
                builders.end(workspace, run.id, state="failed", detail="out of memory")
        end_trials(workspace)
        advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    assert found.config.arm("alone").config.learning_rate == 5e-5
    assert "alone: as designed, as none of 2 trials finished" in tuned_words(found.config, found.config.comparisons[0])


def test_a_lost_run_is_resumed_once_and_then_counts_as_failed(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2))
    jobs.start(workspace, study_id)
    [first, *_] = waiting(workspace)
    for expected in (RunState.QUEUED, RunState.LOST):
        builders.end(workspace, first.id, state="lost", detail="its process was killed by signal 9 (SIGKILL).")
        advance.advance(workspace, study_id)
        with workspace.read() as index:
            assert runs.get(index, first.id).state == expected
    trial = now(workspace, study_id).automation.trials["alone"][0]
    assert trial.failed == "its process was killed by signal 9 (SIGKILL)."


def test_a_paused_study_rests_until_it_is_asked_to_go_on(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2))
    jobs.start(workspace, study_id)
    assert len(jobs.pause(workspace, study_id)) == 3
    assert studies.going(workspace) == []
    assert advance.advance(workspace, study_id) == []
    assert waiting(workspace) == []
    assert len(jobs.go_on(workspace, study_id)) == 3
    assert titles(workspace) == ["alone · trial 1", "with mnli · trial 1", "with squad · trial 1"]


def test_a_run_that_somebody_stops_makes_the_study_rest(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=4), seeds=2)
    jobs.start(workspace, study_id)
    control.request_stop(workspace, waiting(workspace)[-1].id)
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.9, "with squad": 0.5})
    assert advance.advance(workspace, study_id) == []
    found = now(workspace, study_id).automation
    assert (found.going, found.ended) == (False, "")
    assert len(jobs.go_on(workspace, study_id)) == 1


def test_a_study_that_is_deleted_stays_so(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2))
    jobs.start(workspace, study_id)
    end_trials(workspace)
    gone = studies.delete(workspace, study_id)
    advance.advance_all(workspace)
    with pytest.raises(StudyNotFound):
        advance.advance(workspace, study_id)
    assert waiting(workspace) == []
    studies.restore(workspace, gone)
    advance.advance_all(workspace)
    assert len(waiting(workspace)) == 3


def test_auto_adds_seeds_to_what_is_open_until_it_is_known(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=5), seeds=3)
    jobs.start(workspace, study_id)
    assert len(waiting(workspace)) == 9
    assert advance.advance(workspace, study_id) == []
    shares = {"alone": 0.5, "with mnli": 0.9, "with squad": 0.51}
    end_seeds(workspace, shares)
    # with mnli is settled: with squad and what it is held against go on
    assert len(advance.advance(workspace, study_id)) == 2
    assert titles(workspace) == ["alone · seed 4", "with squad · seed 4"]
    found = now(workspace, study_id)
    assert found.config.arm("with mnli").seeds == (1, 2, 3)
    assert found.automation.settled == {"sst2: with mnli / alone": "helps after 3 seeds"}
    end_seeds(workspace, shares)
    advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    assert found.automation.settled["sst2: with squad / alone"].startswith("futile")
    assert found.automation.ended == "settled after 4 of 5 seeds, but for 1 of 2 comparisons"
    assert not found.automation.going
    assert {arm: sorted(own) for arm, own in found.runs.items()} == {
        "alone": [1, 2, 3, 4],
        "with mnli": [1, 2, 3],
        "with squad": [1, 2, 3, 4],
    }
    assert waiting(workspace) == []
    bigger = jobs.more_seeds(found.config, 1)
    assert len(jobs.grow(workspace, study_id, bigger)) == 1 + 2 + 1


def test_auto_ends_at_the_most_seeds(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=4), seeds=3)
    jobs.start(workspace, study_id)
    for _ in range(2):
        end_seeds(workspace, {"alone": 0.5, "with mnli": 0.51, "with squad": 0.52})
        advance.advance(workspace, study_id)
    assert now(workspace, study_id).automation.ended == "not settled after 4 seeds"
    assert waiting(workspace) == []


def test_auto_ends_once_all_is_settled(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=10), seeds=3)
    jobs.start(workspace, study_id)
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.9, "with squad": 0.1})
    advance.advance_all(workspace)
    assert now(workspace, study_id).automation.ended == "settled after 3 of 10 seeds"
    assert studies.going(workspace) == []


def test_a_search_for_helpers_halves_the_race_and_gives_the_winner_a_verdict(workspace: Workspace) -> None:
    helpers = ("mnli", "squad", "cola", "stsb")
    study_id = study(workspace, auto=Auto(most_seeds=5, halve=True), seeds=3, helpers=helpers)
    jobs.start(workspace, study_id)
    shares = {"alone": 0.5, "with mnli": 0.62, "with squad": 0.58, "with cola": 0.05, "with stsb": 0.5}
    end_seeds(workspace, shares)
    advance.advance(workspace, study_id)
    # cola hurts, and of the other three the better two stay
    assert titles(workspace) == ["alone · seed 4", "with mnli · seed 4", "with squad · seed 4"]
    found = now(workspace, study_id)
    assert found.automation.settled["sst2: with cola / alone"] == "hurts after 3 seeds"
    assert found.automation.settled["sst2: with stsb / alone"].startswith("dropped after 3 seeds: ")
    assert "points, behind with mnli (+" in found.automation.settled["sst2: with stsb / alone"]
    end_seeds(workspace, shares)
    advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    assert found.automation.settled["sst2: with squad / alone"].startswith("dropped after 4 seeds: ")
    while waiting(workspace):
        assert {title.partition(" · ")[0] for title in titles(workspace)} == {"alone", "with mnli"}
        end_seeds(workspace, shares)
        advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    seeds = len(found.config.seeds)
    assert found.automation.ended == f"one is left after {seeds} of 5 seeds, and is settled"
    first, *losers = halving.words(found)
    assert first.startswith(f"with mnli, for sst2: wins: helps after {seeds} seeds, +")
    assert len(losers) == 3


def test_teachers_that_are_trained_first_are_not_trained_twice(workspace: Workspace) -> None:
    config = configs.parse({"tasks": "sst2,mnli", "device": "cpu", "teachers": "train"})
    study_id = studies.add(workspace, StudyConfig(name="x", arms=(Arm(name="taught", config=config),), seeds=(1,))).id
    before = now(workspace, study_id)
    assert len(jobs.start(workspace, study_id)) == 1
    assert len(waiting(workspace)) == 3
    studies.restore(workspace, before)  # killed before the study was written
    assert jobs.start(workspace, study_id) == []
    assert len(waiting(workspace)) == 3
    assert now(workspace, study_id).runs["taught"].keys() == {1}


def test_auto_keeps_to_its_hours(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=10, hours=10), seeds=3)
    jobs.start(workspace, study_id)
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.51, "with squad": 0.52}, seconds=3600)
    advance.advance(workspace, study_id)
    ended = now(workspace, study_id).automation.ended
    assert ended == (
        "not settled after 3 of 10 seeds: 9 h are trained, and the next 1 would take more than the 10 h that it may "
        "have"
    )


def test_auto_does_not_go_on_where_every_run_fails(workspace: Workspace) -> None:
    study_id = study(workspace, auto=Auto(most_seeds=10), seeds=2)
    jobs.start(workspace, study_id)
    for run in waiting(workspace):
        builders.end(workspace, run.id, state="failed", detail="out of memory")
    advance.advance(workspace, study_id)
    assert now(workspace, study_id).automation.ended == "every run of seed 2 has failed; go on once the cause is mended"
    assert waiting(workspace) == []


def test_auto_on_a_study_that_is_there_and_its_end_by_hand(workspace: Workspace) -> None:
    study_id = study(workspace, seeds=3)
    jobs.start(workspace, study_id)
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.51, "with squad": 0.52})
    assert studies.going(workspace) == []
    assert len(jobs.run_auto(workspace, study_id, Auto(most_seeds=6))) == 3
    assert now(workspace, study_id).config.looks == (3, 4, 5, 6)
    caution = (
        "Its looks were planned after a verdict of 3 seeds had been seen: a wrong verdict is more likely than 5 %."
    )
    assert auto_words.sentence(now(workspace, study_id)).endswith(caution)
    jobs.end_auto(workspace, study_id)
    found = now(workspace, study_id).automation
    assert (found.ended, found.going) == ("by hand, after 4 of 6 seeds", False)
    end_seeds(workspace, {"alone": 0.5, "with mnli": 0.51, "with squad": 0.52})
    assert advance.advance(workspace, study_id) == []


def test_trials_that_start_from_another_arm_wait_for_its_tuning(workspace: Workspace) -> None:
    config = configs.parse({"tasks": "sst2", "device": "cpu"})
    arms = (
        Arm(name="first", config=config),
        Arm(name="then", config=config.model_copy(update={"start_from": "arm:first"})),
    )
    study_id = studies.add(workspace, StudyConfig(name="x", arms=arms, seeds=(1,), tune=Tune(trials=2))).id
    jobs.start(workspace, study_id)
    for _ in range(2):
        assert {title.partition(" ·")[0] for title in titles(workspace)} == {"first"}
        end_trials(workspace)
        advance.advance(workspace, study_id)
    found = now(workspace, study_id)
    chosen = found.config.arm("first").tuned
    assert chosen is not None
    [run] = waiting(workspace)
    best = next(one.run for one in found.automation.trials["first"] if one.number == chosen.trial)
    assert (run.title, run.config.start_from) == ("then · trial 1", best)


def test_what_automation_leaves_is_read_again(workspace: Workspace) -> None:
    study_id = study(workspace, tune=Tune(trials=2), auto=Auto(most_seeds=4, hours=1.5))
    with studies.changing(workspace, study_id) as changes:
        trial = Trial(1, {"learning_rate": 1e-4}, "abcd2345", failed="out of memory")
        state = replace(changes.study.automation, going=True, trials={"alone": (trial,)}, resumed=("abcd2345",))
        kept = changes.keep(automation=state)
    assert now(workspace, study_id) == kept
    assert studies.going(workspace) == [study_id]
    assert queue.submit is study_runs.queue.submit
