"""Studies over the real queue: what is missing is trained, what exists is taken over, chains wait for each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.errors import StudyNotFound
from mtl_core.jobs import control
from mtl_core.jobs import studies as jobs
from mtl_core.jobs.queue import submit
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import counts, members
from tests.jobs.conftest import Make
from tests.jobs.waiting import get, until, until_state


def study(home: Path, make: Make, *, seeds: tuple[int, ...] = (1, 2), **values: Any) -> str:
    arms = (
        Arm(name="alone", config=make(**values), baseline=True),
        Arm(name="both", config=make(tasks="sst2,mnli", **values)),
        Arm(name="then alone", config=make(start_from="arm:both", **values)),
    )
    compared = (Comparison(target="sst2", baseline="alone", treatment="both"),)
    return studies.add(Workspace(home), StudyConfig(name="Does it?", arms=arms, comparisons=compared, seeds=seeds)).id


def states(home: Path, study_id: str) -> dict[str, int]:
    return dict(counts(members(Workspace(home), studies.get(Workspace(home), study_id))))


def until_done(home: Path, study_id: str, **wanted: int) -> None:
    until(lambda: states(home, study_id) == wanted, f"{wanted}, have {states(home, study_id)}")


def test_a_study_trains_what_it_lacks_and_takes_over_what_exists(home: Path, quick: Make) -> None:
    [there] = submit(Workspace(home), [quick(seed=2)])
    until_state(Workspace(home), there, "finished")
    study_id = study(home, quick)
    assert states(home, study_id) == {"not started": 6}
    new = jobs.start(Workspace(home), study_id)
    assert len(new) == 5
    assert jobs.start(Workspace(home), study_id) == []
    until_done(home, study_id, finished=6)
    kept = studies.get(Workspace(home), study_id).runs
    assert kept["alone"][2] == there
    for seed in (1, 2):
        assert get(Workspace(home), kept["then alone"][seed]).config.start_from == kept["both"][seed]

    control.remove(Workspace(home), kept["alone"][1])
    assert states(home, study_id) == {"finished": 5, "deleted": 1}
    assert len(jobs.start(Workspace(home), study_id)) == 1
    until_done(home, study_id, finished=6)

    bigger = jobs.more_seeds(studies.get(Workspace(home), study_id).config, 2)
    assert bigger.seeds == (1, 2, 3, 4)
    less = bigger.model_copy(update={"seeds": (2, 3), "arms": bigger.arms[:2]})
    assert len(jobs.grow(Workspace(home), study_id, less)) == 2
    until_done(home, study_id, finished=4)
    assert studies.get(Workspace(home), study_id).runs["alone"][2] == there


def test_a_study_is_paused_and_goes_on(home: Path, endless: Make) -> None:
    study_id = study(home, endless, seeds=(1,))
    first, *_ = jobs.start(Workspace(home), study_id)
    until(lambda: get(Workspace(home), first).step > 0, "a step")
    assert len(jobs.pause(Workspace(home), study_id)) == 3
    until_done(home, study_id, stopped=3)
    assert jobs.pause(Workspace(home), study_id) == []
    reached = get(Workspace(home), first).step
    assert len(jobs.go_on(Workspace(home), study_id)) == 3
    until(lambda: get(Workspace(home), first).step > reached, "a further step")
    jobs.pause(Workspace(home), study_id)
    until_done(home, study_id, stopped=3)


def test_paths_mean_the_same_wherever_a_study_is_read(
    home: Path, quick: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()
    config = StudyConfig(name="x", arms=(Arm(name="a", config=quick(source="folder", data="files")),))
    assert jobs.settled(config).arms[0].config.data == str(tmp_path / "files")


def test_a_study_that_is_not_there(home: Path) -> None:
    with pytest.raises(StudyNotFound, match="there is no study 'abcd2345'"):
        jobs.start(Workspace(home), "abcd2345")
