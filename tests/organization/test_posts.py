"""Posts are set up, filled, vacated and abolished by two persons; who held which is known for every day."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.organization.posts import Post, PostHolding, holders_of, posts_of
from tests.cast import TODAY, do, person, unit
from tests.refusals import invalid

pytestmark = pytest.mark.django_db

PRINCIPAL = {"title": "局长", "duty": "principal", "rank": "section", "places": 1}


def confirmed(matter: Matter) -> Matter:
    return do("posts.confirm", "department_b", matter).matter


def proposed(*rows: dict[str, Any]) -> Matter:
    listed = [{"unit": unit("housing").pk, **row} for row in rows or (PRINCIPAL,)]
    return do("posts.set_up", "department_a", basis="清编〔2026〕3号", since="2026-03-01", rows=listed).matter


def post(**changed: Any) -> Post:
    confirmed(proposed({**PRINCIPAL, **changed}))
    return Post.objects.get(unit=unit("housing"), title={**PRINCIPAL, **changed}["title"])


def fill(which: Post, who: str = "cadre", since: str = "2026-03-02") -> Matter:
    raw = {"post": which.pk, "person": person(who).pk, "since": since, "basis": "清任〔2026〕1号"}
    return do("posts.fill", "department_a", **raw).matter


def test_posts_stand_once_a_second_person_confirmed_them() -> None:
    matter = proposed({**PRINCIPAL, "secret": True})
    assert not Post.objects.exists()
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("posts.confirm", "department_a", matter)
    confirmed(matter)
    found = Post.objects.get()
    assert (found.title, found.duty, found.rank, found.secret, found.places) == (
        "局长",
        "principal",
        "section",
        True,
        1,
    )


def test_a_unit_has_a_post_of_one_title_once() -> None:
    first, second = proposed(), proposed()
    confirmed(first)
    with pytest.raises(Barred, match="名册中的职务在此期间已经设置"):
        confirmed(second)
    with pytest.raises(Invalid) as refusal:
        proposed({"title": "科员", "duty": "other"}, PRINCIPAL)
    assert set(refusal.value.fields) == {"rows.1.title"}


def test_who_holds_a_post_is_known_for_every_day() -> None:
    which = post()
    confirmed(fill(which))
    held = PostHolding.objects.get()
    raw = {"holding": held.pk, "last_day": "2026-03-08", "basis": "清任〔2026〕2号"}
    confirmed(do("posts.vacate", "department_a", **raw).matter)
    confirmed(fill(which, "clerk_housing", "2026-03-09"))
    assert [row.person for row in holders_of(which, date(2026, 3, 8))] == [person("cadre")]
    assert [row.person for row in holders_of(which, TODAY)] == [person("clerk_housing")]
    assert not posts_of(person("cadre"), TODAY)


def test_a_post_has_no_more_holders_than_places() -> None:
    which = post()
    confirmed(fill(which))
    with pytest.raises(Barred, match="该职务已无空缺"):
        fill(which, "clerk_housing")
    with pytest.raises(Barred, match="此人已任该职务"):
        fill(which)


def test_two_proposals_for_one_place_do_not_both_come_into_force() -> None:
    which = post()
    first, second = fill(which), fill(which, "clerk_housing")
    confirmed(first)
    with pytest.raises(Barred, match="该职务已无空缺"):
        confirmed(second)


def test_nobody_confirms_a_post_of_their_own() -> None:
    matter = fill(post(), "department_b")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        confirmed(matter)
    assert not PostHolding.objects.exists()


def test_who_is_no_longer_there_is_not_vacated_a_second_time() -> None:
    which = post()
    confirmed(fill(which))
    raw = {"holding": PostHolding.objects.get().pk, "last_day": "2026-03-08", "basis": "清任〔2026〕2号"}
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do("posts.vacate", "department_a", **{**raw, "last_day": "2026-02-01"})
    first, second = (do("posts.vacate", "department_a", **raw).matter for _time in range(2))
    confirmed(first)
    with pytest.raises(Barred, match="此人已不任该职务"):
        confirmed(second)


def test_an_abolished_post_ends_with_who_holds_it_and_is_offered_no_more() -> None:
    which = post()
    confirmed(fill(which))
    matter = do("posts.abolish", "department_a", post=which.pk, last_day="2026-03-09", basis="清编").matter
    confirmed(matter)
    assert not holders_of(which, TODAY)
    with invalid("post", "请从所列项中选择"):
        fill(which, "clerk_housing")
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do("posts.abolish", "department_a", post=post(title="副局长").pk, last_day="2026-02-01", basis="清编")


def test_a_post_of_another_county_is_not_there() -> None:
    raw = {"post": post().pk, "person": person("linan_cadre").pk, "since": "2026-03-02", "basis": "林任"}
    with invalid("post", "请从所列项中选择"):
        do("posts.fill", "linan_department", **raw)
