"""What a mechanism's own page shows is told to programs too, before anything is stored."""

from collections.abc import Callable

from tests.faces.api.conftest import Program
from tests.messages import received


def test_heads_suggestions_and_faults_of_a_file_are_seen_before_it_is_taken_in(
    programs: Callable[[str], Program],
) -> None:
    matter = received(who="office_a")
    answer = programs("office_a").get(f"/intake/{matter.pk}/file")
    assert answer.status_code == 200
    seen = answer.json()
    assert seen["columns"]["text"] == "留言详情"
    assert (seen["rows"], seen["read"], seen["unread"], seen["to_be_said"]) == (6, 5, 1, False)
    assert [(one["row"], one["lost"]) for one in seen["faults"]] == [(7, True)]
    assert programs("clerk_education").get(f"/intake/{matter.pk}/file").status_code == 404
