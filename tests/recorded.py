"""Where the sandboxes that tests start write down what was said to them, for `python -m tests.conformance`.

RECORD_EXCHANGES names another folder.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORDED = Path(os.environ.get("RECORD_EXCHANGES") or ROOT / "build" / "exchanges")
