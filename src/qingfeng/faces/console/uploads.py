"""Files that come with a form: handed in before the act, so that a refused act does not lose them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qingfeng.faces.console.visit import Visit
from qingfeng.kernel.acts.declare import Act
from qingfeng.kernel.attachments import Attachment


def received(visit: Visit, act: Act, jurisdiction_id: int) -> Mapping[str, Sequence[Attachment]]:
    """Nothing yet."""
    return {}
