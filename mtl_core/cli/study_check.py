"""A study that comes from elsewhere: whether it can be run here, and where its data lies here."""

from __future__ import annotations

from mtl_core.config.study import StudyConfig
from mtl_core.engine.draws import PlannedDraws
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.store.workspace import Workspace
from mtl_core.studies.baselines import without_arm


def check(workspace: Workspace, config: StudyConfig) -> None:
    """Raises InvalidConfig with every fault of every arm, each once."""
    look, faults = PlannedDraws(workspace.find_run), list[Fault]()
    for arm in config.arms:
        try:
            look(without_arm(arm.config))
        except InvalidConfig as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise InvalidConfig(faults)


def with_data(config: StudyConfig, folder: str) -> StudyConfig:
    """The study with its files in another folder."""
    arms = [
        arm.model_copy(update={"config": arm.config.model_copy(update={"data": folder})})
        if arm.config.source == "folder"
        else arm
        for arm in config.arms
    ]
    return config.model_copy(update={"arms": tuple(arms)})
