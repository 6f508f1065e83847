"""Answers to pages: a module per page, plain values; and the records that several pages show."""

from mtl_core.errors import Fault, InvalidConfig, RunNotFound, StudyNotFound, TandemError
from mtl_core.records import LIVE
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

__all__ = ["LIVE", "Fault", "InvalidConfig", "Run", "RunNotFound", "StudyNotFound", "TandemError", "Workspace"]
