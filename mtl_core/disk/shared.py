"""Equal files that the disk holds once: each folder has a link to the one copy, so that it stays whole by itself."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from mtl_core.disk import whole


def keep(source: Path, folder: Path, pool: Path) -> None:
    """Puts the files of `source` into `folder`, as links to the one copy of each content in `pool`.

    A copy of its own where links can't be made, as across disks. A file that was there is replaced, never written
    into, as others may have it too. `source` may be `folder` itself. Raises OSError.
    """
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        target, one = folder / file.relative_to(source), pool / _digest(file)
        with suppress(OSError):
            if not one.exists() or one.stat().st_size != file.stat().st_size:
                with whole.replacing(one) as draft:
                    shutil.copyfile(file, draft)
        if target.exists() and one.exists() and target.samefile(one):
            continue
        with whole.replacing(target) as draft:
            try:
                os.link(one, draft)
            except OSError:
                shutil.copyfile(file, draft)


def _digest(file: Path) -> str:
    """The name of a content in the pool, with the file's own name for people."""
    return f"{hashlib.sha256(file.read_bytes()).hexdigest()[:24]}-{file.name}"
