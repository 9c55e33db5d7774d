"""Files that come with a form: taken in before the act, so that a refused act does not lose them."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.utils.text import format_lazy

from qingfeng.faces.console.visit import ConsoleRequest
from qingfeng.faces.uploads import oversized
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import receive
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words


@dataclass
class ReceivedFiles:
    """What was taken in, and what is wrong with the rest; both by input."""

    files: dict[str, list[Attachment]] = field(default_factory=dict)
    errors: dict[str, list[Words]] = field(default_factory=dict)

    def take(
        self, visit: ConsoleRequest, name: str, place: Jurisdiction, stream: IO[Any], called: str, size: int
    ) -> None:
        """Take one file in, or note in one sentence why not."""
        try:
            file = receive(stream, called, visit.account, place, visit.now, size)
        except Invalid as refusal:
            sentences = [sentence for found in refusal.fields.values() for sentence in found]
            self.errors.setdefault(name, []).extend(
                format_lazy("{}: {}", called, sentence) for sentence in sentences
            )
        else:
            self.files.setdefault(name, []).append(file)


def received(visit: ConsoleRequest, act: Act, jurisdiction_id: int) -> ReceivedFiles:
    """Take in the files a form came with."""
    place = Jurisdiction.objects.get(pk=jurisdiction_id)
    found = ReceivedFiles()
    for spec in act.inputs.fields:
        if spec.kind == "files":
            control, most = spec.name, spec.most
        elif spec is act.inputs.sheet:
            control, most = f"{spec.name}-file", 1
        else:
            continue
        for upload in visit.FILES.getlist(control)[:most]:
            found.take(visit, spec.name, place, upload.file or BytesIO(), upload.name or "", upload.size or 0)
        for called in oversized(visit, control):
            found.take(visit, spec.name, place, BytesIO(), called, settings.ATTACHMENT_LIMIT + 1)
    return found
