"""The wording of the two papers 督查通报、专项整治情况报告, put into force as shipped where a place has none of its own."""

from __future__ import annotations

from django.utils import translation

from qingfeng.kernel.papers.issuing import in_force, revised
from qingfeng.kernel.papers.models import LANGUAGE
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.vocabulary import Do

CIRCULAR, REPORT = "inspection.circular", "inspection.campaign"
NAMES = {CIRCULAR: "督查情况通报", REPORT: "专项整治情况报告"}
WORDING = {
    CIRCULAR: """<p>{{ first|date:"Y年n月j日" }}至{{ last|date:"n月j日" }}，{{ lead }}牵头\
开展“{{ round }}”（{{ manner }}，检查主题为“{{ topic }}”），\
检查单位{{ units }}家，实地检查{{ visits }}次，发现问题{{ problems }}个，涉及{{ kinds|length }}个方面。\
现将有关情况通报如下：</p>
{% if drawn %}<p>被检查单位从{{ frame }}家单位中随机抽取，抽取范围已于抽取前公布（校验码{{ digest }}）。</p>{% endif %}
<h2>一、发现的问题</h2>
<ol>{% for kind in kinds %}<li>{{ kind.label }}：{{ kind.number }}个。</li>{% endfor %}</ol>
<h2>二、各单位检查情况</h2>
<table><thead><tr><th>单位</th><th>检查次数</th><th>问题数</th><th>现场测试</th></tr></thead><tbody>
{% for unit in by_unit %}<tr><td>{{ unit.name }}</td><td>{{ unit.visits }}</td><td>{{ unit.problems }}</td>\
<td>{% if unit.asked %}{{ unit.right }}/{{ unit.asked }}{% else %}—{% endif %}</td></tr>
{% endfor %}</tbody></table>
{% if named %}<p>工作日午间饮酒的，点名通报：</p>
<table><thead><tr><th>姓名</th><th>单位</th><th>日期</th></tr></thead><tbody>
{% for one in named %}<tr><td>{{ one.name }}</td><td>{{ one.unit }}</td><td>{{ one.day }}</td></tr>
{% endfor %}</tbody></table>{% endif %}
<h2>三、有关要求</h2>
<p>发现的问题已逐一开列问题单，整改到位后逐一销号。请有关单位对照问题立行立改，按期报送整改情况。</p>""",
    REPORT: """<p>{{ first|date:"Y年n月j日" }}至{{ last|date:"Y年n月j日" }}，开展“{{ campaign }}”，\
整治重点：{{ kinds|join:"、" }}。</p>
<p>{{ aims }}</p>
<p>本平台记录：检查{{ rounds }}轮，实地检查{{ visits }}次；问题单{{ sheets }}张，其中销号{{ closed }}张。</p>
<p>实地检查次数和问题数由本平台统计，机关报送的数字与之不一致的，并列如下：</p>
<table><thead><tr><th>项目</th><th>本平台统计</th><th>机关报送</th><th>报送机关</th></tr></thead><tbody>
{% for measure in measures %}<tr><td>{{ measure.label }}</td><td>{{ measure.number }}</td>\
<td>{{ measure.reported }}</td><td>{{ measure.organs|join:"、" }}</td></tr>
{% endfor %}</tbody></table>
<p>问题以个计，线索以件计，人员以人次计；一人可受一种以上处理，各项分别统计，不相加。</p>""",
}


def in_house() -> translation.override:
    """What goes into a paper speaks its language, whoever draws it up."""
    return translation.override(LANGUAGE)


def ready(do: Do, code: str) -> str:
    """The code of a paper, with the shipped wording put into force where none is yet."""
    # Its version is taken before one looks: what others put into force in between is then found, or has that version.
    shipped = revised(do.matter.jurisdiction, code, NAMES[code], WORDING[code], do.today)
    try:
        in_force(do.matter.jurisdiction, code, LANGUAGE, do.today)
    except Barred:
        do.record(shipped)
    return code
