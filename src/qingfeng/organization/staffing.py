"""Changes of posts 职务变动: set up and abolished, filled and vacated, each proposed by one and confirmed by another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    Choice,
    Concerns,
    Did,
    Do,
    Input,
    Is,
    Line,
    Matter,
    Office,
    Person,
    Reason,
    Register,
    Role,
    State,
    Unit,
    Whole,
    act,
)
from qingfeng.organization.cadres import RANKS
from qingfeng.organization.name_lists import MOST_ROWS, named, proposed, units_held
from qingfeng.organization.posts import Post, PostHolding, PostKind

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)
PROPOSING = Did("set_up") | Did("fill") | Did("vacate") | Did("abolish")

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
DONE = State("done", pgettext_lazy("change of posts", "in force"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)


class PostChangeKind(models.TextChoices):
    """What changes 变动方式."""

    SET_UP = "set_up", _("posts set up")
    FILL = "fill", _("post filled")
    VACATE = "vacate", _("post vacated")
    ABOLISH = "abolish", _("post abolished")


class PostRow(Input):
    """A post to be set up."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    title: Annotated[str, Line(60), _("Title of the post")]
    duty: Annotated[PostKind, _("Kind of post")]
    rank: Annotated[str, Choice(RANKS), _("Rank of the post")] = ""
    secret: Annotated[bool, _("Secret post")] = False
    places: Annotated[int | None, Whole(1, 500), _("Number of places")] = None

    @classmethod
    def together(cls, rows: Sequence[PostRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """Posts that stand already or twice in the list; by places such as ``3.title``."""
        units = {row.unit.pk for row in rows}
        held = Post.objects.filter(unit_id__in=units, valid_to=None).values_list("unit_id", "title")
        taken, twice = set(held), Counter((row.unit.pk, row.title) for row in rows)
        return {
            f"{place}.title": [_("This unit has a post of this title already.")]
            for place, row in enumerate(rows)
            if (row.unit.pk, row.title) in taken or twice[row.unit.pk, row.title] > 1
        }


class PostChange(Matter):
    """Posts set up or abolished, filled or vacated 职务变动, proposed by one person and confirmed by a second."""

    code = "posts"
    series = "职务"
    ground = True
    reads: ClassVar = DEPARTMENT | Is("person")

    change = models.CharField(_("kind of change"), max_length=10, choices=PostChangeKind.choices)
    basis = models.CharField(_("document it rests on"), max_length=200)
    day = models.DateField(_("first or last day"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("post"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("change of posts")
        verbose_name_plural = _("changes of posts")

    @act(NEW, to=PROPOSED, by=DEPARTMENT, label=_("Set up posts"))
    def set_up(
        self,
        do: Do,
        basis: Annotated[str, Line(200)],
        since: Annotated[date, _("From")],
        rows: Annotated[list[PostRow], _("Posts")],
    ) -> None:
        """Propose posts of units, with kind, rank, places, and whether they are secret."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self._propose(PostChangeKind.SET_UP, basis, since, None, None)

    @act(NEW, to=PROPOSED, by=DEPARTMENT, label=_("Fill a post"))
    def fill(
        self,
        do: Do,
        post: Post,
        person: Person,
        since: Annotated[date, _("From")],
        basis: Annotated[str, Line(200)],
    ) -> None:
        """Propose that a person hold a post from a day on."""
        self._propose(PostChangeKind.FILL, basis, since, post, person)
        self._demand_place(do)

    @act(NEW, to=PROPOSED, by=DEPARTMENT, label=_("Vacate a post"))
    def vacate(
        self,
        do: Do,
        holding: Annotated[PostHolding, _("Who holds it")],  # type: ignore[valid-type]  # mypy, before it is analysed
        last_day: Annotated[date, _("Last day")],
        basis: Annotated[str, Line(200)],
    ) -> None:
        """Propose that a person hold a post no longer than to a day."""
        if last_day < holding.valid_from:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        self._propose(PostChangeKind.VACATE, basis, last_day, holding.post, holding.person)

    @act(NEW, to=PROPOSED, by=DEPARTMENT, label=_("Abolish a post"))
    def abolish(
        self,
        do: Do,
        post: Post,
        last_day: Annotated[date, _("Last day")],
        basis: Annotated[str, Line(200)],
    ) -> None:
        """Propose that a post stand no longer than to a day; whoever holds it is relieved with it."""
        if last_day < post.valid_from:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        self._propose(PostChangeKind.ABOLISH, basis, last_day, post, None)

    @act(
        PROPOSED,
        to=DONE,
        by=DEPARTMENT & ~PROPOSING & ~Concerns("person"),
        owed=True,
        label=_("Confirm"),
    )
    def confirm(self, do: Do) -> None:
        """Put the change in force, having compared it with the document; a second person, never about themselves."""
        match self.change:
            case PostChangeKind.SET_UP:
                do.record_all(self._posts(do))
            case PostChangeKind.FILL:
                self._demand_place(do)
                do.record(PostHolding(post=self._post(), person=self.person, valid_from=self.day))
            case PostChangeKind.VACATE:
                held = PostHolding.objects.filter(post=self._post(), person=self.person, valid_to=None)
                if not held:
                    do.refuse(
                        _("They hold this post no longer."), remedy=_("Withdraw it and prepare it anew.")
                    )
                for row in held.order_by("id"):
                    row.valid_to = self.day
                    do.record(row)
            case _:
                beyond = models.Q(valid_to=None) | models.Q(valid_to__gt=self.day)
                holders = PostHolding.objects.filter(beyond, post=self.post_id).order_by("id")
                ending: list[Register] = [self._post(), *holders]
                for one in ending:
                    one.valid_to = self.day
                    do.record(one)

    @act(PROPOSED, to=WITHDRAWN, by=DEPARTMENT, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the proposal, with the reason."""

    def _propose(
        self, change: PostChangeKind, basis: str, day: date, post: Post | None, person: Person | None
    ) -> None:
        self.change, self.basis, self.day, self.post, self.person = change.value, basis, day, post, person
        self.title = " ".join(str(one) for one in (post or basis, person) if one)[:200]

    def _post(self) -> Post:
        return Post.objects.get(pk=self.post_id or 0)

    def _posts(self, do: Do) -> list[Post]:
        rows = proposed(self, do, "set_up")
        units = units_held({named(row["unit"]) for row in rows}, do)
        typed = [PostRow(**{**row, "unit": units[named(row["unit"])]}) for row in rows]
        if PostRow.together(typed, self.jurisdiction_id, do.today):
            do.refuse(
                _("Meanwhile a post of the list was set up."),
                remedy=_("Withdraw the list and enter it anew."),
            )
        return [Post(**dict(row), valid_from=self.day) for row in typed]

    def _demand_place(self, do: Do) -> None:
        post = self._post()
        held = PostHolding.objects.filter(
            models.Q(valid_to=None) | models.Q(valid_to__gte=self.day), post=post
        )
        if post.valid_to is not None and post.valid_to < self.day:
            do.refuse(_("This post no longer exists."), remedy=_("Choose the post that took its place."))
        if held.filter(person=self.person).exists():
            do.refuse(_("They hold this post already."), remedy=_("Nothing needs to be done."))
        if post.places is not None and held.count() >= post.places:
            do.refuse(_("This post has no vacancy."), remedy=_("Vacate it first, or set up another post."))
