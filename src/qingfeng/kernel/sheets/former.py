"""What heads were called before 旧表头, so that a sheet made from an earlier template is still understood."""

from __future__ import annotations

from django.utils.translation import override

from qingfeng.kernel.text.words import Words

FORMER: dict[str, tuple[str, ...]] = {
    "任职": ("机构职务",),
    "会议总时长（人·小时）": ("参会人时（小时）", "Person hours"),
    "其他承接单位承接的在办事项（用顿号分隔）": ("其他承继单位承接的在办事项（以、分隔）",),
    "到会人数": ("人员",),
    "办理要求": ("What is to be done",),
    "姓名": ("名称", "Name"),
    "岗位层次": ("职务层级", "职务层次", "Rank held"),
    "年份": ("年度",),
    "承接单位": ("承继单位",),
    "抽取单位数（0为全部检查）": (
        "抽取几个单位；0 为全部检查",
        "How many units are drawn; 0: all are visited",
    ),
    "整改期限": ("To be put right by",),
    "检查主题": ("专题",),
    "检查对象（不填为牵头单位以外的全部单位）": ("检查对象；不填为牵头单位以外的全部单位",),
    "结束日期": ("最后一日",),
    "职数": ("栏目", "Places"),
    "规定项": ("参数",),
    "议题序号": ("议程序号",),
    "问题单": ("问题交办单",),
    "问题单编号": ("问题表编号",),
    "题目": ("问题",),
}
"""Former heads by the present label in Chinese. Whoever renames the label of a column adds here what it was."""


def former(label: Words) -> tuple[str, ...]:
    """What the head of a column with this label was called before, in either language."""
    with override("zh-hans"):
        return FORMER.get(str(label), ())
