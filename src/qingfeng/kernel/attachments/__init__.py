"""Attachments 附件: inspected on receipt, on disk before the commit, named by digest, bound by an act."""

from qingfeng.kernel.attachments.models import Attachment

__all__ = ["Attachment"]
