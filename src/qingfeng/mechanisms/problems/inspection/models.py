"""The matters of this mechanism, one module each, and their register."""

from qingfeng.mechanisms.problems.inspection import overlaps
from qingfeng.mechanisms.problems.inspection.campaign import Campaign
from qingfeng.mechanisms.problems.inspection.duties import MONTH
from qingfeng.mechanisms.problems.inspection.plan import InspectionPlan
from qingfeng.mechanisms.problems.inspection.registers import TeamMember
from qingfeng.mechanisms.problems.inspection.round import Inspection
from qingfeng.mechanisms.problems.inspection.visit import Visit

overlaps.hand_in(InspectionPlan.on_record, Inspection.on_record)

__all__ = ["MONTH", "Campaign", "Inspection", "InspectionPlan", "TeamMember", "Visit"]
