"""The matters of this mechanism, one module each, and their register."""

from qingfeng.mechanisms.inspection.campaign import Campaign
from qingfeng.mechanisms.inspection.duties import MONTH
from qingfeng.mechanisms.inspection.plan import InspectionPlan
from qingfeng.mechanisms.inspection.registers import TeamMember
from qingfeng.mechanisms.inspection.round import Inspection
from qingfeng.mechanisms.inspection.visit import Visit

__all__ = ["MONTH", "Campaign", "Inspection", "InspectionPlan", "TeamMember", "Visit"]
