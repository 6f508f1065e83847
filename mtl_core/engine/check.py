"""Every fault that shows before a process is started. Loads no torch, so a launch answers soon."""

from __future__ import annotations

from collections.abc import Callable

from mtl_core import encoders
from mtl_core.config.run import RunConfig
from mtl_core.data.sources import Splits, read
from mtl_core.devices import resolve
from mtl_core.engine import parents
from mtl_core.engine.order import Order, make_order
from mtl_core.engine.parents import FindRun
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.kinds import Task
from mtl_core.kinds._definition import task_of


def check(config: RunConfig, find_run: FindRun = parents.none) -> None:
    """Raises InvalidConfig with every fault of settings, device, encoder, data and of the runs that the config names
    in `find_run`, all at once."""
    checked(config, find_run)


Read = Callable[[Task, RunConfig], Splits]


def checked(config: RunConfig, find_run: FindRun, read: Read = read) -> tuple[dict[str, Splits], Order]:
    """The data that was read on the way, by task, and the order of the run. Raises as `check` does."""
    faults = _method_faults(config)
    try:
        resolve(config.device)
    except TandemError as error:
        faults += error.faults
    faults += _encoder_faults(config) + parents.faults(config, find_run)
    data: dict[str, Splits] = {}
    for name in config.tasks:
        try:
            data[name] = read(task_of(config.definitions, name), config)
        except TandemError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise InvalidConfig(faults)
    return data, make_order(config, {name: len(splits.train) for name, splits in data.items()})


def _method_faults(config: RunConfig) -> list[Fault]:
    """Faults in settings, and in methods that do not go together or do not suit the encoder."""
    methods_settings = (config.schedule_settings, config.balancing_settings, config.merging_settings)
    settings = config.sharing_settings or any(methods_settings)
    usual = all(getattr(config, field) == RunConfig.model_fields[field].default for field in ("sharing", "balancing"))
    if (usual or len(config.tasks) == 1) and not settings:
        return []
    from mtl_core.engine import methods  # reading methods loads torch

    return methods.config_faults(config)


def _encoder_faults(config: RunConfig) -> list[Fault]:
    try:
        encoders.check(
            config.encoder,
            attention_dropout=config.attention_dropout,
            bf16=config.precision == "bf16",
            rules=config.data_rules,
        )
        longest = encoders.longest_input(config.encoder)
    except TandemError as error:
        return list(error.faults)
    if config.max_length <= longest:
        return []
    return [Fault("max_length", f"{config.max_length} is more than {config.encoder} can read. Use {longest} or less.")]
