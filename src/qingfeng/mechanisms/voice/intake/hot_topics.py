"""What many messages of a file are about 热点话题: the names that stand in their titles, and which messages name them. Pure.

A topic is a name, such as a housing estate, that at least three messages mention. Names are runs of characters that
titles share once words are taken out that say nothing of where or who. One is the surer a topic, the more titles bear
it, the larger a part of all who mention it do so in their titles, and the more alike their texts are in the other
words: a street many complain about for many reasons is no topic. Names of the same messages are one topic. What stands
inside one longer piece nearly wherever it stands is a part of a name, and that piece the name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from qingfeng.kernel.text.normalization import folded

FEWEST = 3
"""Messages a topic has at least; two of them name it in their titles."""
MOST = 30
SHORTEST, LONGEST = 3, 9
"""Characters of a name."""
SAME = 0.5
"""Names are one topic where so large a part of the messages of either name both."""
BESIDE = 0.5
"""A further name stands beside the first where so large a part of all their messages name both."""
WHOLE = 0.75
"""A piece is a part of a longer one where so large a part of its messages has the same character beside it."""
LONGEST_WHOLE = 16
"""Characters of a name put together from its parts."""
OPEN = 0.5
"""A name ends where, by its texts, so many different characters go on, or none of a name."""

COMMON = (
    "投诉 举报 反映 反应 反馈 咨询 建议 请问 请求 恳请 恳求 强烈 要求 希望 期待 呼吁",
    "关于 对于 针对 再次 多次 有关 问题 情况 事项 意见 看法 什么 为何 为什么 怎么 怎样",
    "如何 何时 哪里 哪些 能否 可否 是否 能不能 可不可以 可以 应该 有没有 到底 究竟 居然",
    "竟然 太 很 非常 严重 极其 业主 居民 市民 群众 村民 老百姓 百姓 职工 员工 学生",
    "家长 老师 教师 农民工 退休 老人 孩子 小孩 消费者 购房者 住户 物业 物业公司 开发商",
    "公司 企业 单位 部门 政府 领导 街道办 办事处 社区 小区 楼盘 项目 工程 工地 房屋",
    "房子 住房 商品房 住宅 楼栋 高层 一楼 楼下 门面 商铺 店铺 饭店 餐馆 餐饮 餐饮店",
    "餐厅 烧烤 夜宵 车位 停车 停车位 停车场 车库 地下车库 地下 公交 公交车 公交站 地铁",
    "地铁站 道路 马路 路面 路口 红绿灯 路灯 人行道 交通 拥堵 堵车 出行 班次 线路 噪音",
    "噪声 扰民 油烟 污染 环境 垃圾 垃圾站 臭味 粉尘 灰尘 废气 废水 水质 自来水 停水",
    "停电 供水 用水 用电 电梯 消防 通道 安全 隐患 质量 漏水 开裂 装修 精装 精装修",
    "房产证 不动产 不动产证 产权 证件 办理 办证 施工 夜间 凌晨 半夜 深夜 晚上 白天 每天",
    "长期 经常 一直 至今 迟迟 尽快 加快 早日 继续 通宵 开工 完工 动工 修建 修好 建设",
    "规划 拆迁 拆除 征收 征地 补偿 安置 安置房 改造 提质 棚改 违规 违法 违章 违建 非法",
    "乱收费 收费 费用 高额 强制 强行 擅自 私自 占用 侵占 霸占 拖欠 工资 克扣 欺骗 欺诈",
    "诈骗 虚假 宣传 销售 捆绑 捆绑销售 购房 买房 退款 退费 退还 合同 贷款 公积金 社保",
    "医保 养老 补贴 补助 政策 落户 户口 人才 新政 幼儿园 小学 中学 学校 大学 学院 培训",
    "机构 补课 学区 入学 招生 上学 考试 医院 市场 广场 公园 超市 酒店 宾馆 街道 附近 旁边",
    "周边 旁 对面 门口 里面 内 外 之间 中间 路段 地段 区域 范围 期间 时候 时间 现在",
    "目前 最近 今年 去年 解决 处理 查处 严查 整治 治理 管理 维护 维权 权益 利益 监管",
    "监督 执法 不作为 重视 关注 帮助 协调 落实 公开 公布 公示 回复 答复 说法 公道 公正",
    "存在 出现 造成 影响 生活 休息 居住 导致 没有 无法 不能 不给 不让 不到 不了 得不到",
    "没人 无人 还是 还没 已经 正在 准备 进行 开展 实施 实现 提供 增加 增设 设置 设立",
    "安装 开通 延长 调整 优化 恢复 取消 停止 一个 一些 这个 那个 这样 这么 那么 许多",
    "多个 几个 部分 全部 所有 以及 还有 因为 所以 但是 如果 而且 然后 我们 他们 你们",
    "自己 大家 本人 您好 你好 尊敬 书记 市长 局长 厅长 谢谢 感谢 的 了 与 在 是 把",
    "被 将 让 对 从 到 为 给 请 不 又 也 还 就 想 有 无 没 吗 呢 吧 啊 谁 该",
    "我 你 他 等 并 或 因 由 于",
)
"""Words of complaints that name neither place nor person 常用词, blanks between them."""

_WORDS: dict[str, list[str]] = {}
"""The common words of more than one character, by their first two."""
for _word in " ".join(COMMON).split():
    if len(_word) > 1:
        _WORDS.setdefault(_word[:2], []).append(_word)
_SINGLE = "".join(word for word in " ".join(COMMON).split() if len(word) == 1)
_REGION = re.compile(r"[a-z]\d*[省市区县]|^[\u4e00-\u9fff]{2,3}(?:省|市|(?<!小)区|县)")
_RUN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbfa-z0-9]+")
EDGE = frozenset(f" {_SINGLE}")
_NUMBERED = re.compile(r"[a-z0-9]+")


class Topic(NamedTuple):
    """A topic by its names, the surest first, and the places of the messages that name it."""

    names: tuple[str, ...]
    places: tuple[int, ...]


def topics(messages: Sequence[tuple[str, str]]) -> list[Topic]:
    """The topics of messages, each a title and a text, the surest first. The same messages give the same topics."""
    titles = [_evened(title) for title, _text in messages]
    texts = [f"{title} {_evened(text)}" for title, (_title, text) in zip(titles, messages, strict=True)]
    found = _named(titles, texts)
    if not found:
        return []
    scored = _scored(found, titles, texts)
    cut: dict[int, str] = {}
    chosen: list[tuple[set[int], list[str]]] = []
    for piece in sorted(scored, key=lambda piece: (-scored[piece], piece)):
        own = found[piece]
        joined = next((topic for topic in chosen if _share(own, topic[0]) >= SAME), None)
        if joined is None and len(chosen) == MOST:
            continue
        if joined is not None and len(own & joined[0]) / len(own | joined[0]) < BESIDE:
            continue
        cut.update((at, _cut(texts[at])) for at in own if at not in cut)
        name = _whole(piece, [cut[at] for at in sorted(own)])
        if name and joined is None:
            chosen.append((set(own), [name]))
        elif name and joined is not None:
            joined[0].update(own)
            if not any(name in other or other in name for other in joined[1]):
                joined[1].append(name)
    return [Topic(tuple(names), tuple(sorted(places))) for places, names in chosen]


def _named(titles: Sequence[str], texts: Sequence[str]) -> dict[str, set[int]]:
    """The places of the messages that mention each name that at least two titles share."""
    borne: dict[str, set[int]] = defaultdict(set)
    for at, title in enumerate(titles):
        for name in _names(title):
            borne[name].add(at)
    shared = {name: places for name, places in borne.items() if len(places) > 1}
    # Of a name and its parts that the same titles bear, only the whole is one.
    parts = {
        part
        for name, places in shared.items()
        for part in (name[1:], name[:-1])
        if len(shared.get(part, ())) == len(places)
    }
    names = shared.keys() - parts
    found: dict[str, set[int]] = {name: set() for name in names}
    for at, text in enumerate(texts):
        for length in range(SHORTEST, LONGEST + 1):
            for start in range(len(text) - length + 1):
                if (piece := text[start : start + length]) in names:
                    found[piece].add(at)
    return {name: places for name, places in found.items() if len(places) >= FEWEST}


def _scored(found: dict[str, set[int]], titles: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True, min_df=2)
    weights, column = vectorizer.fit_transform(texts), vectorizer.vocabulary_
    usual = _alike(weights, range(len(texts)), [])
    scored = {}
    for name, places in found.items():
        borne = sum(name in titles[at] for at in places)
        own = [column[pair] for at in range(len(name) - 1) if (pair := name[at : at + 2]) in column]
        above = _alike(weights, sorted(places), own) - usual
        if borne > 1 and above > 0:
            scored[name] = borne * borne / len(places) * sqrt(above)
    return scored


def _alike(weights: Any, places: Sequence[int], without: list[int]) -> float:
    """How alike some texts are on average, each to each other, in what they say besides some pairs of characters."""
    rows, several = weights[list(places)], len(places)
    together = np.asarray(rows.sum(axis=0)).ravel()
    squares = np.asarray(rows.multiply(rows).sum(axis=0)).ravel()
    together[without] = squares[without] = 0
    return float(together @ together - squares.sum()) / (several * (several - 1))


def _names(title: str) -> Iterator[str]:
    for chunk in _cut(title).split():
        for length in range(SHORTEST, min(len(chunk), LONGEST) + 1):
            for start in range(len(chunk) - length + 1):
                name = chunk[start : start + length]
                if EDGE.isdisjoint((name[0], name[-1])) and not _NUMBERED.fullmatch(name):
                    yield name


def _cut(text: str) -> str:
    """A text with blanks for its regions and for all words that are no part of a name, also where they overlap."""
    runs = (_REGION.sub(" ", run) for run in _RUN.findall(text))
    shown = list(cut := " ".join(runs))
    for start in range(len(cut)):
        for word in _WORDS.get(cut[start : start + 2], ()):
            if cut.startswith(word, start):
                shown[start : start + len(word)] = " " * len(word)
    return "".join(shown)


def _whole(piece: str, texts: Sequence[str]) -> str:
    """The name that a piece is, or is a part of, as texts write it; empty where it is no whole one."""
    name = _grown(piece, texts)
    return name if all(_open(name, texts, place) for place in (-1, len(name))) else ""


def _open(name: str, texts: Sequence[str], place: int) -> bool:
    """Whether a name ends beside a place: there some texts have nothing of one, and not all others the same."""
    beside = [_beside(name, f" {text} ", place) for text in texts]
    going_on = [found for found in beside if found and found.isdisjoint(EDGE)]
    ends, ways = sum(not found.isdisjoint(EDGE) for found in beside), len(set().union(*going_on))
    return ends > 0 and ends + ways >= OPEN * (ends + len(going_on))


def _beside(name: str, text: str, place: int) -> set[str]:
    found, at = set[str](), -1
    while (at := text.find(name, at + 1)) >= 0:
        found.add(text[at + place])
    return found


def _grown(piece: str, texts: Sequence[str]) -> str:
    """The longest piece that nearly all texts with a piece have around it; a lone common character ends none."""
    found = piece
    while len(found) < LONGEST_WHOLE:
        around = Counter[str]()
        holding = [text for text in texts if found in text]
        for text in holding:
            at = text.index(found)
            before, behind = text[max(at - 1, 0) : at], text[at + len(found) : at + len(found) + 1]
            around.update(longer for longer in (before + found, found + behind) if longer != found)
        longer, many = max(around.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if " " in longer or many < max(FEWEST, WHOLE * len(holding)):
            break
        found = longer
    at = found.find(piece)
    return found[:at].lstrip(_SINGLE) + piece + found[at + len(piece) :].rstrip(_SINGLE)


def _share(some: set[int], others: set[int]) -> float:
    return len(some & others) / min(len(some), len(others))


def _evened(text: str) -> str:
    return " ".join(folded(text).casefold().split())
