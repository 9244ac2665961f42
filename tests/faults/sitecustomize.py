"""Found by every Python process whose PYTHONPATH holds this folder: faults come into it as the environment says."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.faults.inject import install_from_environment

install_from_environment()
