"""Codes of administrative divisions 行政区划代码 (GB/T 2260-2007): what a code names for certain.

The first two digits name a province, an autonomous region, a municipality or a special administrative region; four
digits name a prefecture or city within it, six a county.
"""

from __future__ import annotations

from functools import cache

from qingfeng.kernel.people.division_codes import CODES

PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}


def is_known(code: str) -> bool:
    """Whether a code is one of GB/T 2260: of a province, a prefecture or a county."""
    return code in PROVINCES or code in _below()


@cache
def _below() -> frozenset[str]:
    rows = [line.split() for line in CODES.split("\n") if line]
    return frozenset(
        {city for city, *_counties in rows} | {city + two for city, *rest in rows for two in rest}
    )
