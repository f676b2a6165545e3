"""Where the sandboxes that tests start write down what was said to them, for `python -m tests.conformance`.

RECORD_EXCHANGES names another folder. What a test marked `nonsense` says is kept apart, because there, and only
there, a request that the sandbox refuses as malformed is no fault of ours.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORDED = Path(os.environ.get("RECORD_EXCHANGES") or ROOT / "build" / "exchanges")
NONSENSE = RECORDED / "nonsense"
