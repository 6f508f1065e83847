"""What can be seen of a study: one file a view. A view has a TITLE, an ORDER, `fits` and `show`."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.services import studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import judge, members
from mtl_core.studies.judge import Judged
from mtl_core.studies.members import Member


@dataclass(frozen=True)
class Context:
    """A study that is looked at, and what is known of it; read once a page view."""

    workspace: Workspace
    study: Study

    @cached_property
    def members(self) -> list[Member]:
        """Every arm with every seed."""
        return members.members(self.workspace, self.study)

    @cached_property
    def judged(self) -> list[Judged]:
        """Every comparison with its verdict, all adjusted together; judged again when a run has moved on."""
        stamp = studies.stamp(self.study, self.members)
        return list(_judged(str(self.workspace), self.study, f"{self.study.id} {stamp}"))


@st.cache_resource(max_entries=16, show_spinner=False)
def _judged(workspace: str, _study: Study, stamp: str) -> tuple[Judged, ...]:
    assert stamp
    return tuple(judge.judge(Workspace(Path(workspace)), _study))


def views(context: Context) -> dict[str, Any]:
    """The views that fit the study, by title, in their order."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    found = [importlib.import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")]
    fitting = sorted((view for view in found if view.fits(context)), key=lambda view: view.ORDER)
    return {view.TITLE: view for view in fitting}
