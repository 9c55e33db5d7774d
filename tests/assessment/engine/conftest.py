"""The engine's tests share helpers that live beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
