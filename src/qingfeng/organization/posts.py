"""Posts 职务: what posts a unit has, and who holds which, from a day to a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.identification import knows_posts
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.vocabulary import CARRIED, Person, Register, Unit


class PostKind(models.TextChoices):
    """What a post is in its unit 职务类别."""

    PRINCIPAL = "principal", _("principal post")  # 正职
    DEPUTY = "deputy", _("deputy post")  # 副职
    OTHER = "other", _("other post")  # 其他


class Post(Register):
    """A post of a unit 职务, held by ``places`` at most at a time (none: by as many as there are).

    Of a secret post (涉密岗位) nothing is put up in public: neither plaque nor board names who holds it.
    """

    becomes: ClassVar = {"unit": CARRIED.named("title")}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    title = models.CharField(_("title of the post"), max_length=60)
    duty = models.CharField(
        _("kind of post"), max_length=10, choices=PostKind.choices, default=PostKind.OTHER
    )
    rank = models.CharField(_("rank of the post"), max_length=60, blank=True)
    secret = models.BooleanField(_("secret post"), default=False)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[Post]:
        """The posts of the units an actor covers that stand that day."""
        found = cls.objects.filter(standing(on), unit__jurisdiction_id__in=actor.jurisdictions)
        return found.select_related("unit").order_by("unit__code", "id")


class PostHolding(Register):
    """A person holds a post 任职, from a day, to a day."""

    becomes: ClassVar = {"post": CARRIED.named("person", "post__title")}

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name=_("post"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("person"))

    class Meta:
        verbose_name = _("holding of a post")
        verbose_name_plural = _("holdings of posts")

    def __str__(self) -> str:
        return f"{self.post} {self.person}"

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[PostHolding]:
        """The holdings an actor may name that stand that day."""
        found = cls.objects.filter(standing(on), post__unit__jurisdiction_id__in=actor.jurisdictions)
        return found.select_related("post__unit", "person").order_by("post__unit__code", "id")


@knows_posts
def held_posts(persons: Collection[int], on: date) -> Mapping[int, list[tuple[int, str]]]:
    """The posts of some persons on a day, by their ids: each with its unit's id and in words; no secret ones."""
    held: dict[int, list[tuple[int, str]]] = {}
    rows = PostHolding.objects.filter(standing(on), person__in=persons, post__secret=False)
    rows = rows.select_related("post__unit")
    for row in rows.order_by("id"):
        held.setdefault(row.person_id, []).append((row.post.unit_id, str(row.post)))
    return held


def posts_of(person: Person, on: date) -> models.QuerySet[PostHolding]:
    """The posts a person holds on a day 现任职务."""
    return PostHolding.objects.filter(standing(on), person=person).select_related("post__unit").order_by("id")


def holders_of(post: Post, on: date) -> models.QuerySet[PostHolding]:
    """Who holds a post on a day."""
    return PostHolding.objects.filter(standing(on), post=post).select_related("person").order_by("id")
