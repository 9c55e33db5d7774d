"""The matters by which parties and the regime change, gathered for Django."""

from qingfeng.organization.activation import Activation
from qingfeng.organization.appointment import Appointment
from qingfeng.organization.founding import Founding
from qingfeng.organization.reorganization import Reorganization

__all__ = ["Activation", "Appointment", "Founding", "Reorganization"]
