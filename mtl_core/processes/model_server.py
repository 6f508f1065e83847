"""Kept for processes of version 0.1 that are still running; goes with the next version."""

from mtl_core.workers.model_server import main

if __name__ == "__main__":
    main()
