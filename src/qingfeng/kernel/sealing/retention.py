"""Retention classes 保管期限: how long what is sealed is kept, and on what ground. A key is made per class."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words

RECORDS: dict[str, Words] = {
    "10_years": _("10 years (records of an organ)"),
    "30_years": _("30 years (records of an organ)"),
    "permanent": _("permanent (records of an organ)"),
}
"""Periods of 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第8号)."""

PERSONAL: dict[str, Words] = {
    "personnel": _("as long as the person serves, and until erased"),
    "outside_party": _("as long as the entry of the party stands, and until erased"),
    "contact": _("until what it was given for is done"),
    "3_years": _("3 years after the matter is closed"),
    "30_days": _("30 days, or until it is sent"),
}
"""Periods for personal values: no longer than their purpose needs (个人信息保护法 art. 19)."""

CLASSES = RECORDS | PERSONAL
