"""The problems that the demonstration's stories are about; all of them are made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A problem as somebody found it; ``n`` in its words is a number."""

    kind: str
    topic: str
    source: str
    title: str
    description: str


PROBLEMS = (
    Found(
        "inaction",
        "smiles_without_service",
        "inspection",
        "政务大厅{n}号窗口工作时间无人值守",
        "工作日上午十点暗访，{n}号窗口无人，亦无去向说明，等候群众五人。",
    ),
    Found(
        "slow_action",
        "irregular_work",
        "hotline",
        "企业开办材料一次未告知清楚，往返{n}次",
        "申请人反映，同一事项先后{n}次补正，每次所补材料不同。",
    ),
    Found(
        "counter_service",
        "smiles_without_service",
        "inspection",
        "窗口人员接待时看手机、答复生硬",
        "视频抽查发现，{n}分钟内两次中断办理，未向群众说明。",
    ),
    Found(
        "formalism",
        "formalities",
        "report",
        "同一内容{n}张表格重复报送",
        "村（社区）反映，同一数据须向{n}个科室分别填报。",
    ),
    Found(
        "business_environment",
        "doing_business",
        "report",
        "涉企检查未按计划，一月内上门{n}次",
        "企业反映，同一事项一月内被检查{n}次，未出示检查计划。",
    ),
    Found(
        "livelihood",
        "peoples_livelihood",
        "message",
        "背街小巷路灯损坏{n}盏，报修后未处理",
        "居民三次报修，台账显示已办结，现场仍有{n}盏不亮。",
    ),
    Found(
        "inaction",
        "not_acting",
        "hotline",
        "群众来电反映问题，{n}日内未予答复",
        "热线转办后{n}日未联系反映人，系统内已点“办结”。",
    ),
    Found(
        "slow_action",
        "major_projects",
        "evaluation",
        "工程款支付流程卡在内部会签{n}个工作日",
        "支付申请材料齐全，科室间流转{n}个工作日无人签批。",
    ),
    Found(
        "reckless_action",
        "doing_business",
        "media",
        "以“规范管理”为由要求商户统一更换招牌",
        "未见依据文件，已通知商户{n}家。",
    ),
    Found(
        "formalism",
        "formalities",
        "superior",
        "工作群打卡{n}次作为考核依据",
        "驻村干部反映，每日须在工作群签到{n}次并拍照。",
    ),
    Found(
        "livelihood",
        "peoples_livelihood",
        "message",
        "老旧小区加装电梯审批超过承诺时限{n}日",
        "承诺十个工作日，实际超期{n}日，未告知原因。",
    ),
    Found(
        "counter_service",
        "irregular_work",
        "own",
        "“一次性告知”单未加盖印章、未注明依据",
        "抽查{n}份告知单，均未注明法定依据。",
    ),
)
