"""Kept for processes of version 0.1 that are still running; goes with the next version."""

import sys

from mtl_core.workers.worker import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
