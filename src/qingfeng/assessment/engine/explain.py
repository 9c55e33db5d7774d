"""Why it is 86.5 and not 87: one subject's score as data and as text, in Chinese and English (RULES E15)."""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from qingfeng.assessment.engine.assess import JurisdictionScores
from qingfeng.assessment.engine.explain_words import SENTENCES
from qingfeng.assessment.engine.period import LOCAL
from qingfeng.assessment.engine.refusals import Language
from qingfeng.assessment.engine.rounding import decimal, divide
from qingfeng.assessment.engine.scoring import Standing
from qingfeng.assessment.engine.traces import Trace, traces


def explanation(outcome: JurisdictionScores, scheme: str, subject: str) -> dict[str, Any]:
    """Everything about one score as plain data: totals, rank, group, decisions, and each indicator's
    trace.
    """
    scores = outcome[scheme]
    at = scores.at(subject)
    group = scores.scheme.groups[int(scores.groups[at])]
    return {
        "jurisdiction": outcome.jurisdiction,
        "scheme": scheme,
        "scheme_title": {"zh": scores.scheme.title.zh, "en": scores.scheme.title.en},
        "scheme_digest": scores.scheme.digest,
        "period": str(scores.period),
        "known_at": scores.known_at.astimezone(dt.UTC).isoformat(),
        "subject": subject,
        "name": scores.members[at].name,
        "group": {"id": group.id, "zh": group.title.zh, "en": group.title.en},
        "places": scores.scheme.scoring.places,
        "full": scores.scheme.scoring.full,
        "rounding": scores.scheme.scoring.rounding,
        "total": int(scores.total[at]),
        "plain": int(scores.plain[at]),
        "rank": int(scores.ranking.rank[at]),
        "of": int(scores.ranking.size[at]),
        "standing": Standing(int(scores.standing[at])).name.lower(),
        "decisions": {each.indicator: each.decision for each in scores.exclusions if each.subject == subject},
        "indicators": [trace.data() for trace in traces(outcome, scheme, subject)],
    }


def explain(outcome: JurisdictionScores, scheme: str, subject: str, language: Language = "zh") -> str:
    """The explanation as text a unit clerk reads."""
    data = explanation(outcome, scheme, subject)
    facts = {
        need.fact.name: need.fact.title.in_(language) for q, _ in outcome.evidence.answers for need in q.needs
    }
    return _Text(data, traces(outcome, scheme, subject), facts, language).whole()


class _Text:
    def __init__(
        self, data: Mapping[str, Any], found: list[Trace], facts: Mapping[str, str], language: Language
    ) -> None:
        self._data = data
        self._traces = found
        self._facts = facts
        self._language = language
        self._places = int(data["places"])

    def whole(self) -> str:
        data = self._data
        known = dt.datetime.fromisoformat(data["known_at"]).astimezone(LOCAL)
        place = self._say(
            f"place_{data['standing']}", group=data["group"][self._language], of=data["of"], rank=data["rank"]
        )
        lines = [
            self._say(
                "head",
                name=data["name"],
                subject=data["subject"],
                period=data["period"],
                scheme=data["scheme_title"][self._language],
                total=self._points(data["total"]),
                place=place,
                known_at=known.strftime("%Y-%m-%d %H:%M"),
            )
        ]
        for trace in self._traces:
            lines.append(self._item(trace))
            lines += [self._input(each) for each in trace.inputs]
        return "\n".join(lines + self._totals())

    def _totals(self) -> list[str]:
        data, lines = self._data, []
        aside = sum(trace.weight for trace in self._traces if trace.status.endswith("aside"))
        kept = sum(trace.points for trace in self._traces if trace.weight)
        extra = sum(trace.points for trace in self._traces if not trace.weight)
        brought = kept
        if 0 < aside < data["full"]:
            brought = divide(kept * data["full"], data["full"] - aside, data["rounding"])
            words = {"aside": aside, "kept": kept, "full": data["full"], "brought": brought}
            lines.append(
                self._say("reweighted", **{key: self._points(value) for key, value in words.items()})
            )
        lines.append(self._say("sum", kept=self._points(brought), extra=self._points(extra)))
        if brought + extra != data["total"] and data["standing"] != "nothing_left":
            lines.append(self._say("bounded", total=self._points(data["total"])))
        if data["plain"] != data["total"]:
            lines.append(self._say("plain", plain=self._points(data["plain"])))
        return lines

    def _item(self, trace: Trace) -> str:
        if trace.status == "scored":
            how = self._how(trace)
        else:
            how = self._say(trace.status, decision=self._data["decisions"].get(trace.indicator, ""))
        return self._say(
            "item",
            title=trace.title[self._language],
            points=self._points(trace.points),
            weight=self._points(trace.weight),
            how=how,
            clause=trace.clause,
        )

    def _how(self, trace: Trace) -> str:
        methods: dict[str, Callable[[Trace], str]] = {
            "attainment": self._attainment,
            "ballots": self._ballots,
            "deduction": self._events,
            "addition": self._events,
            "linked": self._linked,
        }
        name = trace.method.split("/")[0]
        if name in methods:
            return methods[name](trace)
        words: dict[str, Any] = {"points": self._points(trace.points), **trace.steps}
        if "value_numerator" in trace.steps:
            words["value"] = self._fraction(trace, "value")
        if name == "veto":
            words["most"] = self._points(trace.parameters["most"]["value"])
            name = "veto_struck" if trace.steps["struck"] else "veto"
        if name == "composite":
            words.update(
                scheme=trace.parameters["scheme"], total=decimal(trace.steps["total"], trace.steps["places"])
            )
        return self._say(name, **words)

    def _attainment(self, trace: Trace) -> str:
        value = Fraction(trace.steps["value_numerator"], trace.steps["value_denominator"])
        target = Fraction(trace.steps["target_numerator"], trace.steps["target_denominator"])
        above, below = (value, target) if trace.parameters["best"] == "high" else (target, value)
        share = 100 * above / below if below else Fraction(0)
        cap = Fraction(trace.parameters["cap"]["value"], 100)
        raw = min(share if below else cap, cap) * trace.weight / 100 / 10**trace.places
        return self._say(
            "attainment",
            value=_shown(value),
            target=_shown(target),
            share=_shown(share),
            raw=_shown(raw, trace.places + 2),
            rounding=self._say(trace.rounding),
            points=self._points(trace.points),
        )

    def _events(self, trace: Trace) -> str:
        parts, number = [], 1
        while f"events.{number}.amount" in trace.parameters:
            declared = trace.parameters[f"events.{number}.amount"]
            rows = [each for each in trace.inputs if each.fact == declared["fact"]]
            counted = declared["take"] == "count"
            amount = sum(each.count if counted else each.total for each in rows)
            parts.append(
                self._say(
                    "event",
                    fact=self._facts[declared["fact"]],
                    amount=decimal(amount, 0 if counted else declared["scale"]),
                    each=self._points(trace.parameters[f"events.{number}.points"]["value"]),
                )
            )
            number += 1
        steps = {key: self._points(value) for key, value in trace.steps.items()}
        return self._say(trace.method.split("/")[0], events="；".join(parts), **steps)

    def _ballots(self, trace: Trace) -> str:
        prefix = "ballots." if trace.method == "ballots/2" else ""
        parts, number = [], 1
        while f"{prefix}raters.{number}.id" in trace.parameters:
            name = f"{prefix}raters.{number}"
            fact = trace.parameters[f"{name}.need"]["fact"]
            rows = [each for each in trace.inputs if each.fact == fact]
            count, total = sum(each.count for each in rows), sum(each.total for each in rows)
            words = {"id": trace.parameters[f"{name}.id"], "count": count}
            if count < trace.parameters[f"{name}.minimum"]["value"]:
                parts.append(self._say("raters_few", **words))
            else:
                scale = 10 ** trace.parameters[f"{name}.need"]["scale"]
                mean, weight = _shown(Fraction(total, count * scale)), trace.parameters[f"{name}.weight"]
                words |= {"mean": mean, "weight": _shown(Fraction(weight["value"], 10 ** weight["places"]))}
                peers = trace.steps.get(f"peer_count_{number}", 0)
                shrunk = ""
                if peers:
                    peer = Fraction(trace.steps[f"peer_total_{number}"], peers * scale)
                    shrunk = self._say("shrunk", peer=_shown(peer))
                parts.append(self._say("raters", **words) + shrunk)
            number += 1
        return self._say("ballots", raters="；".join(parts), points=self._points(trace.points))

    def _linked(self, trace: Trace) -> str:
        units = "；".join(
            self._say("linked_unit", to=to, total=decimal(total, trace.steps["places"]), share=share)
            for to, share, total in trace.linked
        )
        return self._say("linked", units=units)

    def _input(self, each: Any) -> str:
        return self._say(
            "input",
            fact=self._facts[each.fact],
            first=each.first,
            last=each.last,
            count=each.count,
            total=decimal(each.total, each.scale),
            unit=each.unit if each.unit != "1" else "",
            digest=each.digest,
        )

    def _fraction(self, trace: Trace, name: str) -> str:
        return _shown(Fraction(trace.steps[f"{name}_numerator"], trace.steps[f"{name}_denominator"]))

    def _points(self, value: int) -> str:
        return decimal(value, self._places)

    def _say(self, key: str, **words: object) -> str:
        return SENTENCES[key][self._language].format(**words)


def _shown(value: Fraction, places: int = 4) -> str:
    """For reading only: exact when short, else cut to some places and marked."""
    scaled = value * 10**places
    whole = (
        scaled.numerator // scaled.denominator if value >= 0 else -(-scaled.numerator // scaled.denominator)
    )
    text = decimal(whole, places)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if scaled.denominator == 1 else f"{text}…"
