"""The problems that the demonstration's stories are about; all of them are made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExampleProblem:
    """A problem as somebody found it; ``n`` in its words is a number."""

    kind: str
    topic: str
    source: str
    title: str
    description: str


PROBLEMS = (
    ExampleProblem(
        "inaction",
        "smiles_without_service",
        "inspection",
        "{n}号服务窗口工作时间无人值守",
        "工作日上午十点暗访，{n}号窗口无人，亦无去向说明，等候群众五人。",
    ),
    ExampleProblem(
        "slow_action",
        "irregular_work",
        "hotline",
        "申请材料一次未告知清楚，往返{n}次",
        "申请人反映，同一事项先后{n}次补正，每次所补材料不同。",
    ),
    ExampleProblem(
        "counter_service",
        "smiles_without_service",
        "inspection",
        "窗口人员接待时看手机、答复生硬",
        "视频抽查发现，{n}分钟内两次中断办理，未向群众说明。",
    ),
    ExampleProblem(
        "formalism",
        "formalities",
        "report",
        "同一内容{n}张表格重复报送",
        "村（社区）反映，同一数据须向{n}个科室分别填报。",
    ),
    ExampleProblem(
        "business_environment",
        "doing_business",
        "report",
        "涉企检查未按计划，一月内上门{n}次",
        "企业反映，同一事项一月内被检查{n}次，未出示检查计划。",
    ),
    ExampleProblem(
        "livelihood",
        "peoples_livelihood",
        "message",
        "群众反映事项{n}日未处理，台账已记办结",
        "群众三次反映，台账显示已办结，现场核查{n}处仍未处理。",
    ),
    ExampleProblem(
        "inaction",
        "not_acting",
        "hotline",
        "群众来电反映问题，{n}日内未予答复",
        "热线转办后{n}日未联系反映人，系统内已点“办结”。",
    ),
    ExampleProblem(
        "slow_action",
        "major_projects",
        "evaluation",
        "工程款支付流程卡在内部会签{n}个工作日",
        "支付申请材料齐全，科室间流转{n}个工作日无人签批。",
    ),
    ExampleProblem(
        "reckless_action",
        "doing_business",
        "media",
        "以“规范管理”为由要求服务对象自费更换标牌",
        "未见依据文件，已通知服务对象{n}家。",
    ),
    ExampleProblem(
        "formalism",
        "formalities",
        "superior",
        "工作群打卡{n}次作为考核依据",
        "驻村干部反映，每日须在工作群签到{n}次并拍照。",
    ),
    ExampleProblem(
        "livelihood",
        "peoples_livelihood",
        "message",
        "群众申请事项超过承诺时限{n}日",
        "承诺十个工作日，实际超期{n}日，未告知原因。",
    ),
    ExampleProblem(
        "counter_service",
        "irregular_work",
        "own",
        "“一次性告知”单未加盖印章、未注明依据",
        "抽查{n}份告知单，均未注明法定依据。",
    ),
)
