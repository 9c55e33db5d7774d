"""What tests of leave stand on besides the cast."""

from tests.kernel.concurrency.conftest import at_once

__all__ = ["at_once"]
