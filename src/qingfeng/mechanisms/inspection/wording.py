"""The wording of the two papers 督查通报、专项整治情况报告, put into force as shipped where a place has none of its own."""

from __future__ import annotations

from django.utils import translation

from qingfeng.kernel.declaring import Do
from qingfeng.kernel.papers.issuing import in_force, revised
from qingfeng.kernel.papers.models import LANGUAGE
from qingfeng.kernel.refusals import Barred

CIRCULAR, REPORT = "inspection.circular", "inspection.campaign"
NAMES = {CIRCULAR: "督查情况通报", REPORT: "专项整治情况报告"}
WORDING = {
    CIRCULAR: """<p>{{ first|date:"Y年n月j日" }}至{{ last|date:"n月j日" }}，{{ lead }}牵头\
开展“{{ round }}”（{{ manner }}，主题：{{ topic }}），\
检查单位{{ units }}个，走访{{ visits }}次，发现问题{{ problems }}个，涉及{{ kinds|length }}个方面。</p>
{% if drawn %}<p>被检查单位从{{ frame }}个单位中随机抽取，名单摘要{{ digest }}在抽取前已经公布。</p>{% endif %}
<ol>{% for kind in kinds %}<li>{{ kind.label }}：{{ kind.number }}个。</li>{% endfor %}</ol>
<table><thead><tr><th>单位</th><th>走访次数</th><th>问题数</th><th>现场测试</th></tr></thead><tbody>
{% for unit in by_unit %}<tr><td>{{ unit.name }}</td><td>{{ unit.visits }}</td><td>{{ unit.problems }}</td>\
<td>{% if unit.asked %}{{ unit.right }}/{{ unit.asked }}{% else %}—{% endif %}</td></tr>
{% endfor %}</tbody></table>
{% if named %}<p>工作日午间饮酒的，点名通报：</p>
<table><thead><tr><th>姓名</th><th>单位</th><th>日期</th></tr></thead><tbody>
{% for one in named %}<tr><td>{{ one.name }}</td><td>{{ one.unit }}</td><td>{{ one.day }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
<p>发现的问题已逐一开列问题表，整改到位后逐一销号。</p>""",
    REPORT: """<p>{{ first|date:"Y年n月j日" }}至{{ last|date:"Y年n月j日" }}，开展“{{ campaign }}”，\
整治重点：{{ kinds|join:"、" }}。</p>
<p>{{ aims }}</p>
<p>本平台记录：检查{{ rounds }}轮，走访{{ visits }}次；问题表{{ sheets }}份，其中销号{{ closed }}份。</p>
<p>走访次数和问题数由本平台统计，机关报送的数字与之不一致的，并列如下：</p>
<table><thead><tr><th>事项</th><th>本平台统计</th><th>机关报送</th><th>报送机关</th></tr></thead><tbody>
{% for measure in measures %}<tr><td>{{ measure.label }}</td><td>{{ measure.number }}</td>\
<td>{{ measure.reported }}</td><td>{{ measure.organs|join:"、" }}</td></tr>
{% endfor %}</tbody></table>
<p>问题以件计，人员以人次计；一人可受一种以上处理，各项分别统计，不相加。</p>""",
}


def in_house() -> translation.override:
    """What goes into a paper speaks its language, whoever draws it up."""
    return translation.override(LANGUAGE)


def ready(do: Do, code: str) -> str:
    """The code of a paper, with the shipped wording put into force where none is yet."""
    try:
        in_force(do.matter.jurisdiction, code, LANGUAGE, do.today)
    except Barred:
        do.record(revised(do.matter.jurisdiction, code, NAMES[code], WORDING[code], do.today))
    return code
