"""How many do something at the same moment: each in a thread with a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

AtOnce = Callable[[int, Callable[[int], Any]], list[Any]]


@pytest.fixture
def at_once(fresh_database: str) -> Iterator[AtOnce]:
    """`at_once(50, attempt)` calls `attempt(0)` … `attempt(49)` together; what each returned or raised."""

    def run(many: int, attempt: Callable[[int], Any]) -> list[Any]:
        start = Barrier(many)

        def one(number: int) -> Any:
            try:
                start.wait(timeout=60)
                return attempt(number)
            except Exception as fault:
                return fault
            finally:
                connections.close_all()

        with ThreadPoolExecutor(many) as threads:
            return list(threads.map(one, range(many)))

    yield run
    connection.close()
