from django.db import models

from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.problems.rectification.registers import Slip
from qingfeng.mechanisms.restraint.leave.models import Leave

Problem.add_to_class("channel", models.CharField("渠道", max_length=20, default="督查"))
Slip.add_to_class("seen", models.BooleanField("已阅", default=False))

gone = Leave._meta.get_field("proof_due")
Leave._meta.local_fields.remove(gone)
Leave._meta._expire_cache()
# Its acts still ask for it.
Leave.proof_due = False
