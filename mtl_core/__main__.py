"""`python -m mtl_core`: the same doors from a terminal."""

import sys

from mtl_core import devices
from mtl_core.cli import main

if __name__ == "__main__":
    devices.share_cores()
    sys.exit(main(sys.argv[1:]))
