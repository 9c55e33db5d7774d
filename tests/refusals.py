"""What a refusal has to say for a test to pass: that something is refused is not yet that it is refused for this."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qingfeng.kernel.refusals import Invalid


@contextmanager
def invalid(field: str, said: str) -> Iterator[None]:
    """A form is refused at this one field, in words that have these in them."""
    with pytest.raises(Invalid) as refusal:
        yield
    assert list(refusal.value.fields) == [field]
    assert said in " ".join(map(str, refusal.value.fields[field]))
