"""People 人员: a list of persons with account, role, unit, post and rank, proposed by one and granted by another.

Roles that are granted one by one (discipline organ and the three administrators) never come by a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import PRIVILEGED
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    Choice,
    Did,
    Do,
    Input,
    Line,
    Mailbox,
    Matter,
    Monthly,
    Office,
    Person,
    Reason,
    Role,
    Sealed,
    State,
    Unit,
    act,
)
from qingfeng.organization.appointment import enter as enter_appointments
from qingfeng.organization.cadres import RANKS, CadreRecord
from qingfeng.organization.name_lists import MOST_ROWS, named, proposed, units_held
from qingfeng.organization.posts import Post, PostHolding, PostKind

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
ENTERED = State("entered", pgettext_lazy("register", "entered"), final=True)
REFUSED = State("refused", _("not granted"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)

PRIVILEGED_ONE_BY_ONE = "GB/T 22239-2019, 8.1.4.2"
AS_WHOM = ("duty", "post_rank", "secret")
"""What rows of one post have to say alike."""
LIMITED = (PostKind.PRINCIPAL, PostKind.DEPUTY)
"""Posts that have as many places as the list fills; of the others there are as many as serve."""

Faults = dict[str, list[Words]]


class PersonRow(Input):
    """A person as a list gives them. A second role or post is a second row with the same user name."""

    username: Annotated[str, Line(60), _("User name")]
    name: Annotated[str, Line(60), Sealed("personnel"), _("Full name")]
    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    role: Annotated[Role, _("Role")]
    since: Annotated[date, _("From")]
    email: Annotated[str, Mailbox(), Sealed("personnel"), _("E-mail")] = ""
    post: Annotated[str, Line(60), _("Title of the post")] = ""
    duty: Annotated[PostKind | None, _("Kind of post")] = None
    post_rank: Annotated[str, Choice(RANKS), _("Rank of the post")] = ""
    secret: Annotated[bool, _("Secret post")] = False
    rank: Annotated[str, Choice(RANKS), _("Rank held")] = ""
    service_since: Annotated[date | None, Monthly(), _("In public service since")] = None
    managed_by: Annotated[Unit | None, _("Managed by")] = None

    @classmethod
    def together(cls, rows: Sequence[PersonRow], jurisdiction_id: int, on: date) -> Faults:
        """What the rows can't be, beside each other and beside who is there; by places such as ``3.username``."""
        usernames = {row.username for row in rows}
        taken = set(Account.objects.filter(username__in=usernames).values_list("username", flat=True))
        wrong: Faults = {}
        first: dict[str, PersonRow] = {}
        posts: dict[tuple[int, str], PersonRow] = {}
        roles = Counter((row.username, row.role, row.unit.pk) for row in rows)
        room = {
            key: post.places - held
            for key, (post, held) in _standing_posts(rows).items()
            if post.places is not None
        }
        for place, row in enumerate(rows):
            key = (row.unit.pk, row.post)
            before, alike = first.setdefault(row.username, row), posts.setdefault(key, row)
            room[key] = room.get(key, MOST_ROWS) - 1
            for column, fault in _faults(row, before, alike, taken, roles):
                wrong.setdefault(f"{place}.{column}", []).append(fault)
            if row.post and room[key] < 0:
                wrong.setdefault(f"{place}.post", []).append(_("This post has no vacancy."))
        return wrong


def _faults(
    row: PersonRow, before: PersonRow, alike: PersonRow, taken: set[str], roles: Mapping[Any, int]
) -> list[tuple[str, Words]]:
    """What is wrong with one row: ``before`` is the first of its person, ``alike`` the first of its post."""
    found: list[tuple[str, Words]] = []
    if row.username in taken:
        found.append(
            (
                "username",
                _(
                    "This user name is taken. A further role is an appointment, a further post a change of posts."
                ),
            )
        )
    elif any(character.isspace() for character in row.username):
        found.append(("username", _("A user name has no blanks.")))
    if row.name != before.name:
        found.append(("name", _("This user name stands in the list with another name.")))
    if row.role in PRIVILEGED:
        found.append(
            (
                "role",
                format_lazy(
                    _("This role is never granted by a list: propose it as an appointment ({})."),
                    PRIVILEGED_ONE_BY_ONE,
                ),
            )
        )
    if roles[row.username, row.role, row.unit.pk] > 1 and row is not before and not row.post:
        found.append(("role", _("This person has this role in this unit in a row before.")))
    if row.service_since is not None and row.service_since > row.since:
        found.append(("service_since", _("Public service can't begin after the first day.")))
    if row is not before and (row.rank or row.service_since or row.managed_by):
        found.append(("rank", _("What is known of a person stands in their first row.")))
    if not row.post and (row.duty or row.post_rank or row.secret):
        found.append(("post", _("Name the post.")))
    if row.post and any(getattr(row, name) != getattr(alike, name) for name in AS_WHOM):
        found.append(("post", _("A row before says something else of this post.")))
    return found


class PersonList(Matter):
    """A list of persons on its way into accounts, roles and posts 人员名册; two people enter it."""

    code = "people"
    series = "人员"
    ground = True
    reads: ClassVar = ADMINISTRATOR | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

    basis = models.CharField(_("document the list rests on"), max_length=200)
    size = models.PositiveIntegerField(_("number of rows"), default=0)

    class Meta:
        verbose_name = _("list of persons")
        verbose_name_plural = _("lists of persons")

    @act(NEW, to=PROPOSED, by=ADMINISTRATOR, label=_("Enter persons"))
    def propose(
        self, do: Do, basis: Annotated[str, Line(200)], rows: Annotated[list[PersonRow], _("Persons")]
    ) -> None:
        """Enter persons, each with account, unit, role, post and rank; nobody can sign in by that yet."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.basis = self.title = basis
        self.size = len(rows)

    @act(PROPOSED, to=ENTERED, by=SECURITY & ~Did("propose"), owed=True, label=_("Grant the roles"))
    def grant(self, do: Do) -> None:
        """Put the whole list in force: persons, accounts, roles, posts and cadre records; a second person does it."""
        rows = _rows(do, proposed(self, do))
        if PersonRow.together(rows, self.jurisdiction_id, do.today):
            do.refuse(
                _("Meanwhile a user name of the list was taken."),
                remedy=_("Refuse the list, and have it entered anew."),
            )
        _enter(do, self.jurisdiction_id, rows)

    @act(PROPOSED, to=REFUSED, by=SECURITY & ~Did("propose"), owed=True, label=_("Refuse the list"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the list, with the reason."""

    @act(PROPOSED, to=WITHDRAWN, by=ADMINISTRATOR, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the list, to enter it anew."""


def _rows(do: Do, plain: list[dict[str, Any]]) -> list[PersonRow]:
    """The rows again as the act took them."""
    ids = {named(row[name]) for row in plain for name in ("unit", "managed_by") if row[name]}
    units = units_held(ids, do)
    return [
        PersonRow(
            **{
                **row,
                "unit": units[named(row["unit"])],
                "managed_by": units[named(row["managed_by"])] if row["managed_by"] else None,
            }
        )
        for row in plain
    ]


def _enter(do: Do, jurisdiction_id: int, rows: list[PersonRow]) -> None:
    """Write all that the rows say, class by class."""
    first: dict[str, PersonRow] = {}
    for row in rows:
        first.setdefault(row.username, row)
    persons = {
        username: Person(jurisdiction_id=jurisdiction_id, name=row.name, valid_from=row.since)
        for username, row in first.items()
    }
    posts = _posts(rows)
    do.record_all(list(persons.values()))
    do.record_all([post for post in posts.values() if post.pk is None])
    do.keep_records()
    do.record_all(
        [
            Account(username=username, person=persons[username], email=row.email, password="!")
            for username, row in first.items()
        ]
    )
    roles = {(row.username, row.role, row.unit.pk): row for row in rows}
    holdings = [
        RoleHolding(person=persons[row.username], role=row.role.value, unit=row.unit, valid_from=row.since)
        for row in roles.values()
    ]
    do.record_all(holdings)
    do.keep_records()
    enter_appointments(holdings, do.now)
    do.record_all(
        [
            PostHolding(post=posts[row.unit.pk, row.post], person=persons[row.username], valid_from=row.since)
            for row in rows
            if row.post
        ]
    )
    do.record_all(
        [
            CadreRecord(
                person=persons[username],
                unit=row.unit,
                rank=row.rank,
                service_since=row.service_since,
                managed_by=row.managed_by,
                valid_from=row.since,
            )
            for username, row in first.items()
            if row.rank or row.service_since or row.managed_by
        ]
    )
    do.batch(
        [
            {
                "person": persons[row.username],
                "unit": row.unit,
                "role": row.role,
                "post": posts[row.unit.pk, row.post] if row.post else None,
                "since": row.since,
            }
            for row in rows
        ]
    )


def _standing_posts(rows: Sequence[PersonRow]) -> dict[tuple[int, str], tuple[Post, int]]:
    """The posts of the rows' units that stand already, by unit and title, each with how many hold it."""
    found = Post.objects.filter(unit_id__in={row.unit.pk for row in rows if row.post}, valid_to=None)
    counted = found.annotate(held=Count("holdings", filter=models.Q(holdings__valid_to=None)))
    return {(post.unit_id, post.title): (post, post.held) for post in counted.order_by("-id")}


def _posts(rows: Sequence[PersonRow]) -> dict[tuple[int, str], Post]:
    """The post of each unit and title: the one that stands, which stays as it is, or a new one with places enough."""
    posts = {key: post for key, (post, _held) in _standing_posts(rows).items()}
    wanted = Counter((row.unit.pk, row.post) for row in rows)
    for row in sorted(rows, key=lambda row: row.since):
        key = (row.unit.pk, row.post)
        if row.post and key not in posts:
            posts[key] = Post(
                unit=row.unit,
                title=row.post,
                duty=row.duty or PostKind.OTHER,
                rank=row.post_rank,
                secret=row.secret,
                places=wanted[key] if row.duty in LIMITED else None,
                valid_from=row.since,
            )
    return posts
