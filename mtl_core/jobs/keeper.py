"""Kept for processes of version 0.1 that are still running; goes with the next version."""

import sys

from mtl_core.jobs.supervisor import main

if __name__ == "__main__":
    main(sys.argv[1:])
