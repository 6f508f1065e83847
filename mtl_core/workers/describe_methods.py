"""Prints every sharing, schedule and balancing as one JSON document: `python -m mtl_core.workers.describe_methods`."""

from __future__ import annotations

import json

from mtl_core.engine import methods

if __name__ == "__main__":
    print(json.dumps(methods.catalogue()))
