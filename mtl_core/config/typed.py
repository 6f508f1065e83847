"""Values as people type them on the command line and in links, made into what a field takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from errno import ENAMETOOLONG
from pathlib import Path

from mtl_core.config.unwritable import text_fault

LIMITS = "a whole number such as 4000, one per task such as sst2=8000,squad=4000, or leave it empty for all"
"""What to give for a limit of training examples."""


def split_names(value: object) -> object:
    """Lets the command line and links say "sst2,mnli"."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


def path(text: str) -> Path:
    """A path: ~ is the home folder; "~nobody", who has none, stays as it is."""
    with suppress(RuntimeError):
        return Path(text).expanduser()
    return Path(text)


def is_folder(text: str) -> bool:
    """True for the path of a folder; anything may be typed, also what can't be a path."""
    with suppress(OSError, ValueError):
        return path(text).is_dir()
    return False


def path_fault(text: str) -> str:
    """The reason why a text can't be a path here, "" for one that can, whether anything is there or not."""
    found = text_fault(text)
    if found:
        return found
    try:
        Path(text).expanduser().exists()
    except RuntimeError:
        return f"names the home folder of '{text.partition('/')[0][1:]}', a user that this machine does not have."
    except OSError as error:
        return "is too long for a path." if error.errno == ENAMETOOLONG else ""
    return ""


def is_whole(text: str) -> bool:
    """True for a number in plain digits, no more of them than a database takes: "²" is a digit to Python."""
    return bool(re.fullmatch(r"[0-9]{1,18}", text))


def whole(value: object) -> object:
    """Choices among numbers may be typed: "2" is 2."""
    return int(value) if isinstance(value, str) and is_whole(value.strip()) else value


def limits(value: object) -> object:
    """One number for all tasks, or one per task: "4000" or "sst2=8000,squad=4000"."""
    if isinstance(value, str) and "=" in value:
        value = dict(part.split("=", 1) for part in value.replace(" ", "").split(",") if "=" in part)
    numbers = value.values() if isinstance(value, Mapping) else [value]
    for number in numbers:
        if number is not None and (not is_whole(str(number)) or int(str(number)) < 1):
            raise ValueError(f"{number} is not a number of examples. Use {LIMITS}.")
    if isinstance(value, Mapping):
        return {str(task): int(str(number)) for task, number in value.items()}
    return None if value is None else int(str(value))
