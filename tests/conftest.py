"""What all tests share."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two cores: a suite fell from 32 s to 4 s
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
