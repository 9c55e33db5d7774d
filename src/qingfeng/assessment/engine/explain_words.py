"""The sentences of an explanation, in Chinese and English."""

from qingfeng.assessment.engine.refusal_words import RefusalText

SENTENCES: dict[str, RefusalText] = {
    "head": {
        "zh": (
            "{name}（{subject}）{period}《{scheme}》得 {total} 分，{place}。截至 {known_at} 已记录的事实。"
        ),
        "en": (
            "{name} ({subject}) scored {total} in '{scheme}' for {period}, {place}. Facts recorded "
            "up to {known_at}."
        ),
    },
    "place_ranked": {
        "zh": "在“{group}”{of} 家中列第 {rank} 位",
        "en": "rank {rank} of {of} in '{group}'",
    },
    "place_small_group": {
        "zh": "“{group}”家数不足，不排名",
        "en": "not ranked: too few in '{group}'",
    },
    "place_few_ballots": {
        "zh": "票数不足，不排名",
        "en": "not ranked: too few ballots",
    },
    "place_missing": {
        "zh": "缺少数据，不排名",
        "en": "not ranked: a value is missing",
    },
    "place_nothing_left": {
        "zh": "各项均已剔除，不计分",
        "en": "not scored: every item was set aside",
    },
    "plain": {
        "zh": "若不剔除、不容错，总分为 {plain} 分。",
        "en": "Had nothing been set aside or tolerated, the total would be {plain}.",
    },
    "reweighted": {
        "zh": "剔除 {aside} 分权重后，其余各项得 {kept} 分，按满分 {full} 折算为 {brought} 分。",
        "en": "With weights of {aside} set aside, the rest gave {kept}, brought to {full} as {brought}.",
    },
    "sum": {
        "zh": "各项相加 {kept} 分，加减分 {extra} 分。",
        "en": "The items add up to {kept}, plus and minus points to {extra}.",
    },
    "bounded": {
        "zh": "按方案的上限、下限或一票否决，总分定为 {total} 分。",
        "en": "By the scheme's bounds or a veto the total is {total}.",
    },
    "item": {
        "zh": "{title}：{points} 分（满分 {weight}）。{how} 依据：{clause}。",
        "en": "{title}: {points} points (of {weight}). {how} By {clause}.",
    },
    "attainment": {
        "zh": (
            "完成 {value}，目标 {target}，完成率 {share} %，按权重计 {raw} 分，{rounding}为 {points} 分。"
        ),
        "en": "Reached {value} of {target}, {share} %; on the weight {raw}, {rounding} to {points}.",
    },
    "steps": {
        "zh": "数值 {value}，落在第 {step} 段，计 {points} 分。",
        "en": "The value {value} stands on step {step}, giving {points}.",
    },
    "deduction": {
        "zh": "{events}，应扣 {counted} 分，封顶后扣 {capped} 分。",
        "en": "{events}: {counted} points to deduct, {capped} after the cap.",
    },
    "addition": {
        "zh": "{events}，应加 {counted} 分，封顶后加 {capped} 分。",
        "en": "{events}: {counted} points to add, {capped} after the cap.",
    },
    "event": {
        "zh": "{fact}{amount}，每项计{each}分",
        "en": "{fact} {amount} at {each} points each",
    },
    "ballots": {
        "zh": "{raters}；加权后计 {points} 分。",
        "en": "{raters}; weighted: {points}.",
    },
    "raters": {
        "zh": "{id} {count} 票平均 {mean}（权重 {weight} %）",
        "en": "{id}: {count} ballots, mean {mean} (weight {weight} %)",
    },
    "raters_few": {
        "zh": "{id} {count} 票，不足最少票数，未计",
        "en": "{id}: {count} ballots, below the minimum, not counted",
    },
    "shrunk": {
        "zh": "，票少，已向同序列均值 {peer} 收缩",
        "en": ", few, so drawn to the group's mean {peer}",
    },
    "rank_points": {
        "zh": "数值 {value}，在 {of} 家中列第 {rank}，计 {points} 分。",
        "en": "The value {value} ranks {rank} of {of}, giving {points}.",
    },
    "veto": {
        "zh": "共 {events} 件，未触发一票否决。",
        "en": "{events} events; no veto.",
    },
    "veto_struck": {
        "zh": "共 {events} 件，触发一票否决，总分不高于 {most} 分。",
        "en": "{events} events: a veto; the total is at most {most}.",
    },
    "linked": {
        "zh": "取自捆绑单位：{units}。",
        "en": "From the linked units: {units}.",
    },
    "linked_unit": {
        "zh": "{to} {total} 分（份额 {share}）",
        "en": "{to} {total} (share {share})",
    },
    "composite": {
        "zh": "取自《{scheme}》{total} 分。",
        "en": "From '{scheme}': {total}.",
    },
    "missing_zero": {
        "zh": "没有数据，方案规定计零分。",
        "en": "No value; the scheme counts nothing.",
    },
    "missing_full": {
        "zh": "没有数据，方案规定计满分。",
        "en": "No value; the scheme counts full marks.",
    },
    "missing_aside": {
        "zh": "没有数据，方案规定剔除本项。",
        "en": "No value; the scheme sets the item aside.",
    },
    "protection_aside": {
        "zh": "经决定属担当保护，本项剔除（决定：{decision}）。",
        "en": "Set aside by a decision to protect one who dared ({decision}).",
    },
    "protection_neutral": {
        "zh": "经决定属担当保护，本项不作负面评价（决定：{decision}）。",
        "en": "No negative result by a decision to protect one who dared ({decision}).",
    },
    "tolerance_aside": {
        "zh": "经决定容错，本项剔除（决定：{decision}）。",
        "en": "Set aside by a decision to tolerate the error ({decision}).",
    },
    "tolerance_neutral": {
        "zh": "经决定容错，本项不作负面评价（决定：{decision}）。",
        "en": "No negative result by a decision to tolerate the error ({decision}).",
    },
    "gbt8170": {
        "zh": "四舍六入五成双修约",
        "en": "rounded half to even",
    },
    "half_up": {
        "zh": "四舍五入",
        "en": "rounded half up",
    },
    "input": {
        "zh": "  依据：{fact} {first} 至 {last}，{count} 件，合计 {total} {unit}，摘要 {digest}",
        "en": "  From: {fact}, {first} to {last}, {count} events, sum {total} {unit}, digest {digest}",
    },
}
