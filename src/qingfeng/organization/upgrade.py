"""Upgrade 系统升级: what a new version does to rows that stand is entered, so that all of them stay covered."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from django.apps.registry import Apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.ledger import upgrade_check
from qingfeng.kernel.ledger.schema import keep_field_lists
from qingfeng.kernel.ledger.upgrade_check import Survey
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record import journal
from qingfeng.kernel.time.clocks import LAID_ASIDE, Running, words_digest
from qingfeng.kernel.time.timekeeper import SystemTime
from qingfeng.kernel.vocabulary import NEW, Do, Input, Line, Matter, Office, Role, State, System, act

REASON = "upgrade"

UNDER_WAY = State("under_way", _("being entered"))
ENTERED = State("entered", _("entered"), final=True)


class ChangedList(Input):
    """A class of rows that the upgrade changed: its field lists before (none: not covered till then) and after."""

    of: Annotated[str, Line(100), _("Class")]
    before: Annotated[str, Line(2000), _("Field lists before")] = ""
    after: Annotated[str, Line(16), _("Field list after")]
    altered: Annotated[bool, _("Values changed too")] = False


class LeftRow(Input):
    """A row that was not as the ledger said before the upgrade: it is not restated, and stays a fault."""

    of: Annotated[str, Line(100), _("Class")]
    row: Annotated[str, Line(36), _("Row")]


class Upgrade(Matter):
    """An upgrade 系统升级 whose migrations changed what rows look like; the system enters it, a portion of rows an entry."""

    code = "upgrade"
    series = "升级"
    ground = True
    reads: ClassVar = Office(Role.SYSTEM_ADMINISTRATOR) | Office(Role.AUDIT_ADMINISTRATOR)

    lists = models.JSONField(default=list, editable=False)
    left = models.JSONField(default=dict, editable=False)
    after = models.CharField(max_length=36, blank=True, editable=False)
    restated = models.PositiveBigIntegerField(_("rows restated"), default=0, editable=False)
    unheld = models.PositiveBigIntegerField(_("rows left as faults"), default=0, editable=False)

    class Meta:
        verbose_name = _("upgrade")
        verbose_name_plural = _("upgrades")

    @act(NEW, to=UNDER_WAY, by=System(REASON), label=_("Begin to enter an upgrade"))
    def begin(
        self,
        do: Do,
        lists: Annotated[list[ChangedList], _("Classes changed")],
        left: Annotated[list[LeftRow], _("Rows left as faults")] = [],  # noqa: B006
    ) -> None:
        """Enter which field lists changed, whether values did, and which rows were not in order before."""
        self.lists = [[one.of, one.before, one.after, one.altered] for one in lists]
        self.left = {name: [one.row for one in left if one.of == name] for name in {one.of for one in left}}
        self.unheld = len(left)
        self.title = str(_("upgrade"))
        do.note("upgrade", self.lists)

    @act(UNDER_WAY, to=(UNDER_WAY, ENTERED), by=System(REASON), label=_("Restate a portion of rows"))
    def go_on(self, do: Do) -> State:
        """Restate the next rows under their new field lists, those that held before."""
        name = self.lists[0][0]
        rows, self.after = upgrade_check.restated(name, self.after, set(self.left.get(name, ())))
        do.restate(rows)
        self.restated += len(rows)
        if not self.after:
            self.lists = self.lists[1:]
        return UNDER_WAY if self.lists else ENTERED


class MigrationListener:
    """Hears of migrations before and after, and enters what they did."""

    def __init__(self) -> None:
        self._survey: Survey | None = None

    def before(self, apps: Apps, plan: list[Any], **_rest: Any) -> None:
        """Look at the rows as they are, where there is anything to do or left to do."""
        self._survey = None
        if plan or (upgrade_check.whole() and upgrade_check.unlisted()):
            self._survey = upgrade_check.survey(apps)

    def after(self, using: str, **_rest: Any) -> None:
        """Enter what changed, once the database is whole; what an earlier try left unfinished is finished first."""
        survey, self._survey = self._survey, None
        if not upgrade_check.whole():
            return
        for unfinished in Upgrade.objects.filter(closed=False).order_by("id"):
            _go_on(unfinished)
        if survey is not None:
            enter(survey)
        keep_field_lists(using, upgrade_check.listed())


def enter(survey: Survey) -> None:
    """Enter an upgrade as a matter of the topmost jurisdiction; where nothing has to be restated, none."""
    found = upgrade_check.changes(survey)
    top = Jurisdiction.objects.filter(parent=None).order_by("id").first()
    if not found or top is None:
        return
    left = [{"of": one.of, "row": row} for one in found for row in sorted(survey[one.of].left)]
    raw = {"lists": [vars(one) for one in found], "left": left}
    acting, now = system(REASON, [top.pk]), SystemTime().now()
    begun = perform(find_act(Upgrade, "begin"), acting, raw, now).matter
    if any(one.of == upgrade_check.FIRST and not one.before for one in found):
        for clock in Running.objects.exclude(set_aside="").select_related("matter").order_by("id"):
            about = {"clock": clock.name, "of": clock.matter.number, "row": clock.pk}
            words = words_digest(clock.set_aside)
            kind = journal.JournalEntry.Kind.ADMINISTRATION
            journal.write(kind, acting, now, did=LAID_ASIDE, words=words, **about)
    _go_on(begun)


def _go_on(upgrade: Matter) -> None:
    acting = system(REASON, [upgrade.jurisdiction_id])
    while not upgrade.closed:
        upgrade = perform(
            find_act(Upgrade, "go_on"), acting, {}, SystemTime().now(), matter_id=upgrade.pk
        ).matter
