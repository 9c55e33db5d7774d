"""The rows of papers 公文: templates, papers, approvals. None of them ever changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.schema import digest_of
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.record.succession import STAYS

LANGUAGE = "zh-hans"


class PaperTemplate(Register):
    """A version of a paper's wording 公文模板, in force from its first day until a later version is.

    ``body`` is a template in the plain language of ``papers.rendering``. Write one with ``do.record`` of what
    ``papers.issuing.revised`` returns.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=60)
    language = models.CharField(_("language"), max_length=10, default=LANGUAGE)
    version = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=100)
    body = models.TextField(_("wording"))

    append_only: ClassVar[bool] = True
    taken: ClassVar = (
        _("A wording of this paper was put into force at this very moment."),
        "",
        _("Do this again; the paper takes the wording that is in force now."),
    )

    class Meta:
        verbose_name = _("paper template")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["jurisdiction", "code", "language", "version"], name="one_template_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Paper(models.Model):
    """A paper 公文 as it went out. ``digest`` (SM3, hex) is that of its rendition, the file that counts.

    ``number`` is the issuing organ's own 发文字号 (GB/T 9704-2012, 7.2.5); ``public_text`` what may be
    published in its place, until the end of ``expires_on``.
    """

    becomes: ClassVar = {"issuer": STAYS}

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="papers")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="papers")
    template = models.ForeignKey(PaperTemplate, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("issuing organ"))
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("paper number"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    author = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("drawn up by")
    )
    issued_at = models.DateTimeField(_("drawn up on"))
    digest = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=100)
    secrecy = models.CharField(_("secrecy"), max_length=20, choices=Secrecy.choices)
    public_text = models.TextField(_("public version"), null=True)
    expires_on = models.DateField(_("published until"), null=True)

    append_only: ClassVar[bool] = True

    class Meta:
        verbose_name = _("paper")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "year", "serial"], name="one_paper_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def committed(self) -> list[Any]:
        """What the ledger entry says of it: number, digest of the rendition, digest of the other columns."""
        return committed({name: getattr(self, name) for name in COMMITTED})


class PaperApproval(models.Model):
    """A paper was approved for issue 签发, by a second person (党政机关公文处理工作条例 2012, art. 22)."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="approval")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("approved by"))

    append_only: ClassVar[bool] = True

    class Meta:
        verbose_name = _("approval of a paper")

    def committed(self) -> list[Any]:
        """What the ledger entry says of it: the paper's id and who approved it."""
        return [self.paper_id, self.approver_id]


COMMITTED = tuple(
    sorted(
        field.attname for field in Paper._meta.concrete_fields if field.name not in ("id", "matter", "entry")
    )
)
"""The columns of a paper that its entry answers for; what hangs it on its entry is seen by where it hangs."""


def committed(values: dict[str, Any]) -> list[Any]:
    """A paper's line in the ledger, from its columns by name."""
    return [values["number"], values["digest"], digest_of((name, values[name]) for name in COMMITTED)]
