"""Acts stand on a page in the order of their class; whoever moves one moves a button under a clerk's hand."""

import re

import pytest

from qingfeng.kernel.matters.registry import acts_of, mechanisms
from tests.faces.console.staff import browser
from tests.sheets import sheet

INHERITED = ["follow", "stand_still", "reckon"]
"""Acts of every matter, which stand first; the system's own, so that no page has a button for them."""
ORDER = {
    "rectification": """
        register verify dismiss assign sign plan report send_back write_off dispute keep pass_on
        ask_extension extend refuse_extension suspend resume progress ask_progress urge
        not_a_rebound transfer take_up look_back reopen sign_overdue plan_overdue near_its_end
        step_behind rectify_overdue fall_due
    """,
    "transfers": """
        prepare hand_over drop acknowledge answer acknowledge_overdue
    """,
    "inspection_plans": """
        file approve send_back open_round open_due close
    """,
    "inspections": """
        prepare ask approve refuse second begin publish_frame draw call_off report send_back issue
    """,
    "inspection_visits": """
        open see look test find find_drinking feed_back accept object decide lapse review_overdue
        drop
    """,
    "campaigns": """
        propose launch refuse open_round take_in report_work report_discipline report_handled
        draw_up send_back issue
    """,
    "leave": """
        request record decide withdraw answer ask_another lapse give_up begin complete confirm
        extend decide_more return_early end cancel overdue not_back form_overdue
    """,
    "leave_balances": """
        enter enter_holidays withhold restore
    """,
    "absences": """
        note state_side come_back grow_long conclude
    """,
}


@pytest.mark.parametrize("code", ORDER)
def test_the_acts_of_a_matter_stand_in_this_order(code: str) -> None:
    assert list(acts_of(mechanisms()[code])) == [*INHERITED, *ORDER[code].split()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["office_a", "clerk_housing"])
def test_a_page_shows_the_acts_one_may_do_in_the_order_of_the_matter(name: str) -> None:
    matter = sheet("rectifying")
    page = browser(name).get(f"/rectification/{matter.pk}/").content.decode()
    shown = list(dict.fromkeys(re.findall(rf"/rectification/{matter.pk}/([a-z_]+)/", page)))
    buttons = [act for act in shown if act in acts_of(type(matter))]
    assert len(buttons) > 2
    assert buttons == [act for act in ORDER["rectification"].split() if act in buttons]
