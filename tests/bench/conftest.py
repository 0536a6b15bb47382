"""Benches are scripts, not a package: their folder is put on the path before the tests of this folder are read."""

import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
if str(BENCH) not in sys.path:
    sys.path.append(str(BENCH))
