"""The matters by which parties and the regime change, gathered for Django."""

from qingfeng.organization.accounts import AccountHelp
from qingfeng.organization.activation import Activation
from qingfeng.organization.appointment import Appointment
from qingfeng.organization.bodies import Body, BodySeat
from qingfeng.organization.cadres import CadreList, CadreRecord
from qingfeng.organization.calendar import CalendarYear
from qingfeng.organization.departure import Departure
from qingfeng.organization.erasure import Erasure
from qingfeng.organization.founding import Founding
from qingfeng.organization.leader_links import LeaderLink, LinkedUnit
from qingfeng.organization.ledger import HistoryGap, KeyChange
from qingfeng.organization.lending import Lending
from qingfeng.organization.numbers import Confirmation
from qingfeng.organization.outside_accounts import OutsideAccount
from qingfeng.organization.outside_erasure import OutsideErasure
from qingfeng.organization.outside_parties import OutsideList
from qingfeng.organization.people import PersonList
from qingfeng.organization.portfolio import PortfolioGrant
from qingfeng.organization.posts import Post, PostHolding
from qingfeng.organization.regime_end import RegimeEnd
from qingfeng.organization.reorganization import Reorganization
from qingfeng.organization.role_lists import RoleList
from qingfeng.organization.staffing import PostChange
from qingfeng.organization.units import FormerName, UnitList
from qingfeng.organization.upgrade import Upgrade

__all__ = [
    "AccountHelp",
    "Activation",
    "Appointment",
    "Body",
    "BodySeat",
    "CadreList",
    "CadreRecord",
    "CalendarYear",
    "Confirmation",
    "Departure",
    "Erasure",
    "FormerName",
    "Founding",
    "HistoryGap",
    "KeyChange",
    "LeaderLink",
    "Lending",
    "LinkedUnit",
    "OutsideAccount",
    "OutsideErasure",
    "OutsideList",
    "PersonList",
    "PortfolioGrant",
    "Post",
    "PostChange",
    "PostHolding",
    "RegimeEnd",
    "Reorganization",
    "RoleList",
    "UnitList",
    "Upgrade",
]
