"""The words of every refusal: what is wrong, then what to do."""

from typing import TypedDict


class RefusalText(TypedDict):
    """One refusal in Chinese and in English; braces take the facts of the case."""

    zh: str
    en: str


REFUSALS: dict[str, RefusalText] = {
    "not_yaml": {
        "zh": "文件不是合法的 YAML（{problem}）；请按此行检查缩进与标点",
        "en": "this is not YAML ({problem}); check indentation and punctuation on this line",
    },
    "empty_document": {
        "zh": "文件是空的；请写入内容",
        "en": "the file is empty; write its content",
    },
    "not_a_map": {
        "zh": "“{key}”应是若干“键: 值”；请逐项写明",
        "en": "'{key}' must be a map of keys and values; write each on its own line",
    },
    "not_a_list": {
        "zh": "“{key}”应是至少一项的列表；请用“- ”逐项列出",
        "en": "'{key}' must be a list with at least one item; write each after '- '",
    },
    "not_words": {
        "zh": "“{key}”应写明文字；现在是空的或不是单个值",
        "en": "'{key}' must be a single value, not empty",
    },
    "not_a_number": {
        "zh": "“{key}”应是小数不超过 {places} 位的数；现为“{found}”",
        "en": "'{key}' must be a number with at most {places} decimal places; found '{found}'",
    },
    "not_a_date": {
        "zh": "“{key}”应是 YYYY-MM-DD 的真实日期；现为“{found}”",
        "en": "'{key}' must be a real date written YYYY-MM-DD; found '{found}'",
    },
    "not_an_instant": {
        "zh": "“{key}”应是 YYYY-MM-DDTHH:MM:SSZ 的世界时；现为“{found}”",
        "en": "'{key}' must be an instant of UTC written YYYY-MM-DDTHH:MM:SSZ; found '{found}'",
    },
    "not_a_choice": {
        "zh": "“{key}”只能是 {choices} 之一；现为“{found}”",
        "en": "'{key}' must be one of {choices}; found '{found}'",
    },
    "not_exactly_one": {
        "zh": "{keys} 须写且只能写一个",
        "en": "write exactly one of {keys}",
    },
    "double_key": {
        "zh": "“{key}”写了两次；请删去一处",
        "en": "'{key}' is written twice; remove one",
    },
    "unknown_key": {
        "zh": "此处没有“{key}”这一项；可用的有：{known}",
        "en": "there is no '{key}' here; the keys are: {known}",
    },
    "missing_key": {
        "zh": "缺少“{key}”；请写明，系统不作默认",
        "en": "'{key}' is missing; write it, nothing is implied",
    },
    "end_before_start": {
        "zh": "止日 {end} 早于起日 {start}；请更正",
        "en": "it ends on {end}, before it begins on {start}; correct the dates",
    },
    "overlapping_dates": {
        "zh": "“{key}”有两段日期重叠（{first} 至 {last}）；请使其前后相接",
        "en": (
            "'{key}' has two spans that overlap from {first} to {last}; let one end before the other begins"
        ),
    },
    "no_value_on_day": {
        "zh": "“{key}”在 {day} 没有取值；请补上该日起的取值与依据",
        "en": "'{key}' has no value on {day}; add one from that day with its clause",
    },
    "unknown_fact": {
        "zh": "目录中没有“{fact}”这一事实；请核对名称或先在目录中登记",
        "en": "the catalogue has no fact '{fact}'; check the name or declare it there first",
    },
    "unknown_unit": {
        "zh": "没有“{unit}”这一计量单位；可用的有：{known}",
        "en": "there is no unit of measure '{unit}'; the units are: {known}",
    },
    "unknown_method": {
        "zh": "没有“{method}”这一计分方法；可用的有：{known}",
        "en": "there is no method '{method}'; the methods are: {known}",
    },
    "weights_do_not_add_up": {
        "zh": "“{node}”下各项权重合计 {found}，应为 {expected}；请调整",
        "en": "the weights under '{node}' add up to {found}, not {expected}; adjust them",
    },
    "weight_below_zero": {
        "zh": "权重不能为负；扣分请用 deduction",
        "en": "a weight cannot be negative; use deduction",
    },
    "double_id": {
        "zh": "编号“{id}”用了两次；请另取一个",
        "en": "the id '{id}' is used twice; choose another",
    },
    "places_out_of_range": {
        "zh": "小数位数应为 0 至 {most}；现为 {found}",
        "en": "decimal places must be 0 to {most}; found {found}",
    },
    "group_minimum_too_low": {
        "zh": "序列“{group}”的最少家数至少为 2；一家不成排名",
        "en": "the minimum of group '{group}' must be at least 2; one alone is no ranking",
    },
    "growth_of_the_past": {
        "zh": "增长已自行与上年同期相比；over 请写本年的区间",
        "en": "growth already compares with the year before; let 'over' be a window of this year",
    },
    "steps_not_ascending": {
        "zh": "分段的 at 须逐段递增；请按由低到高排列",
        "en": "the steps' 'at' must rise from one to the next; order them from low to high",
    },
    "points_above_weight": {
        "zh": "“{key}”的分值超过了本项权重；请降低或提高权重",
        "en": "'{key}' gives more points than the indicator's weight; lower it or raise the weight",
    },
    "points_not_above_zero": {
        "zh": "此值须大于零",
        "en": "this value must be above zero",
    },
    "veto_with_weight": {
        "zh": "一票否决不占权重；请把 weight 写为 0",
        "en": "a veto carries no weight; write weight: 0",
    },
    "random_does_not_fit": {
        "zh": "{method} 不能写 random: {random}；counts 用于扣分加分，sample 用于两个件数之比",
        "en": (
            "random: {random} does not fit {method}; counts is for events, sample for a rate of one"
            " count in another"
        ),
    },
    "rater_weights": {
        "zh": "各类评议主体的权重合计 {found}，应为 100；请调整",
        "en": "the rater groups' weights add up to {found}, not 100; adjust them",
    },
    "levels_not_distinct": {
        "zh": "评议等级须至少两档、互不相同且不为负",
        "en": "the rating levels must be at least two, all different, none negative",
    },
    "minimum_too_low": {
        "zh": "最少票数不能低于 {least}；过少会暴露投票人",
        "en": "the minimum of ballots cannot be below {least}; fewer would tell who gave them",
    },
    "small_below_minimum": {
        "zh": "small.below（{below}）须大于最少票数（{minimum}），否则收缩永不发生",
        "en": (
            "small.below ({below}) must be above the minimum of ballots ({minimum}), or nothing is "
            "ever drawn in"
        ),
    },
    "cycle": {
        "zh": "方案互相引用成环：{way}；请断开一处",
        "en": "schemes refer in a circle: {way}; cut one reference",
    },
    "unknown_scheme": {
        "zh": "本期没有可用的方案“{scheme}”；请核对编号、有效期与周期",
        "en": "no scheme '{scheme}' is in force for this period; check its id, dates and periods",
    },
    "other_jurisdiction": {
        "zh": "方案“{scheme}”属于 {found}，不能用于 {here}",
        "en": "scheme '{scheme}' belongs to {found} and cannot be used in {here}",
    },
    "tolerance_unanswered": {
        "zh": "容错须逐条回答；缺“{test}”",
        "en": "a tolerance answers every test; '{test}' is missing",
    },
    "second_tolerance": {
        "zh": "“{subject}”本期已有一项容错；容错只及于单项未完成",
        "en": "'{subject}' has a tolerance already; only a single missed item may be tolerated",
    },
    "unknown_indicator": {
        "zh": "方案“{scheme}”没有指标“{indicator}”；请核对",
        "en": "scheme '{scheme}' has no indicator '{indicator}'; check the id",
    },
    "unknown_subject": {
        "zh": "“{subject}”本期不在方案“{scheme}”的考核对象中；请核对",
        "en": "'{subject}' is not assessed by scheme '{scheme}' in this period; check the subject",
    },
    "group_without_scheme": {
        "zh": "“{subject}”所在序列“{group}”没有方案考核；考核对象须全覆盖",
        "en": "no scheme assesses group '{group}' of '{subject}'; every member must have a score",
    },
    "nobody_to_assess": {
        "zh": "方案“{scheme}”的序列在期末没有成员；请核对名单日期",
        "en": (
            "the groups of scheme '{scheme}' have no member at the period's end; check the roster's dates"
        ),
    },
    "group_of_one": {
        "zh": "序列“{group}”只有一家，不能排名；请并入其他序列",
        "en": "group '{group}' has one member and cannot be ranked; join it to another group",
    },
    "no_scheme": {
        "zh": "{jurisdiction} 没有适用于 {period} 的方案；请核对有效期与周期",
        "en": "{jurisdiction} has no scheme for {period}; check its dates and periods",
    },
    "period_not_over": {
        "zh": "{period} 至 {last} 才结束，尚未到期；请期满后再计分",
        "en": "{period} ends on {last} and is not over; score it afterwards",
    },
    "zero_denominator": {
        "zh": "“{subject}”的指标“{indicator}”分母或目标为零；请核对基数或声明不适用",
        "en": (
            "the base or target of '{subject}' for indicator '{indicator}' is zero; check it or set "
            "the item aside"
        ),
    },
    "value_missing": {
        "zh": "“{subject}”缺指标“{indicator}”的数据，方案规定不得缺；请补报",
        "en": (
            "'{subject}' has no value for indicator '{indicator}' and the scheme allows none "
            "missing; supply it"
        ),
    },
    "too_few_ballots": {
        "zh": "“{subject}”的“{raters}”只有 {count} 票，少于 {minimum} 票；请补评或按方案改为不排名",
        "en": (
            "'{subject}' has {count} ballots from '{raters}', fewer than {minimum}; collect more or "
            "let the scheme leave it unranked"
        ),
    },
    "too_few_cases": {
        "zh": (
            "“{subject}”的指标“{indicator}”只有 {count} 件，少于 {minimum} 件；请待件数足够或按方案改为不排名"
        ),
        "en": (
            "'{subject}' has {count} cases for indicator '{indicator}', fewer than {minimum}; wait for"
            " more or let the scheme leave it unranked"
        ),
    },
    "unknown_rating": {
        "zh": "“{raters}”收到票面没有的等级 {rating}；请核对 levels",
        "en": "'{raters}' gave {rating}, which is not on the paper; check 'levels'",
    },
    "link_without_score": {
        "zh": "“{subject}”捆绑的“{to}”在方案“{scheme}”中没有得分；请核对捆绑关系",
        "en": "'{to}', linked to '{subject}', has no score in scheme '{scheme}'; check the link",
    },
    "other_measure": {
        "zh": (
            "事实“{fact}”的单位与小数位是 {unit}/{scale}，目录声明为 "
            "{declared_unit}/{declared_scale}；请更正一处"
        ),
        "en": (
            "fact '{fact}' comes in {unit} with scale {scale}, but is declared in {declared_unit} "
            "with scale {declared_scale}; correct one of them"
        ),
    },
    "sum_too_large": {
        "zh": "{jurisdiction} 的合计超出 63 位整数；请核对数量是否误填",
        "en": "a sum in {jurisdiction} exceeds 63 bits; check the quantities",
    },
    "facts_column_missing": {
        "zh": "事实文件缺少“{column}”列；请按约定重新导出",
        "en": "the facts file lacks column '{column}'; export it again by the contract",
    },
    "facts_column_type": {
        "zh": "事实文件“{column}”列是 {type}，应为 {expected}；请按约定重新导出",
        "en": (
            "column '{column}' of the facts file is {type}, not {expected}; export it again by the contract"
        ),
    },
    "facts_column_unknown": {
        "zh": "事实文件多出“{column}”列；请按约定重新导出",
        "en": "the facts file has an unknown column '{column}'; export it again by the contract",
    },
    "folder_taken": {
        "zh": "结果目录“{folder}”已存在；已存的结果不覆盖，请另选目录",
        "en": "the folder '{folder}' exists; stored results are never overwritten, choose another",
    },
    "unknown_rung": {
        "zh": "没有“{rung}”这一级；请核对",
        "en": "there is no rung '{rung}'; check the name",
    },
    "standing_rows": {
        "zh": "“{subject}”同时处在两级；请更正在级记录",
        "en": "'{subject}' stands on two rungs at once; correct the record",
    },
}
