"""Any request to the REST interface: ``python -m bench.requests [--cases 5000] [--database postgresql]``.

Requests are made from the OpenAPI description, two of three fitting it, and sent in process to every
operation over the demonstration at work, with fourteen tokens of every role. Three of four name what is
there: ids of matters in every state, by those who may do the act where anybody may, people, units, codes and
days that would do. Limits: no answer of 5xx; none that the description does not promise (its status, the type
and shape of its body, its headers); none that takes what does not fit. The seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from bench import figures, ground

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor

CASES, SEED = 5000, 20261120
WHO = (
    "office1",
    "office2",
    "clerk-housing",
    "clerk-education",
    "head-housing",
    "leader1",
    "cadre-housing",
    "finance1",
    "organization1",
    "organization2",
    "discipline1",
    "system1",
    "security1",
    "audit1",
)
OF_A_STATE = 2
OFFERED = 5
NEAR = 40
"""Days before and after today of which a day that would do is taken."""
ELSEWHERE = 2**62
REAL = 0.75
"""Share of requests that name what is there."""
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}
"""Whatever does not fit is refused with some 4xx: 413 too, where it is too much, which is not among the tool's own."""


class Draws:
    """What makes a random request meet something that is there."""

    def __init__(self, moment: Any) -> None:
        from qingfeng.faces.api import tokens
        from qingfeng.kernel.people.actors import system
        from qingfeng.kernel.people.models import Account, Jurisdiction
        from qingfeng.kernel.people.roles import holdings_of
        from qingfeng.kernel.time.periods import day_of

        self.moment, self.today = moment, day_of(moment)
        self.actors: dict[str, Actor] = {}
        by = system("command_line", [one.pk for one in Jurisdiction.objects.all()])
        for name in WHO:
            account = Account.objects.get(username=name)
            (holding,) = holdings_of(account.person, self.today)
            _token, secret = tokens.issue(account, holding, "交换平台", 30, moment, by)
            self.actors[secret] = ground.actor(name)
        self._able: dict[str, dict[str, list[tuple[int, str]]]] = {}

    @cached_property
    def secrets(self) -> list[str]:
        """Every token."""
        return list(self.actors)

    def matters(self, code: str) -> list[int]:
        """Ids of a mechanism's matters, the newest of each state, and one that is not there."""
        from qingfeng.kernel.matters.models import Matter

        found: dict[str, list[int]] = defaultdict(list)
        for pk, state in Matter.objects.filter(mechanism=code).order_by("-pk").values_list("pk", "state"):
            if len(found[state]) < OF_A_STATE:
                found[state].append(pk)
        return [*(pk for of_state in found.values() for pk in of_state), ELSEWHERE]

    def able(self, code: str, act: str) -> list[tuple[int, str]]:
        """Who may do an act of a mechanism on which of its matters, by the tokens, when first asked."""
        from qingfeng.kernel.acts.engine import options
        from qingfeng.kernel.reading import reads
        from qingfeng.kernel.refusals import NotFound

        if code not in self._able:
            able = self._able[code] = defaultdict(list)
            for pk in self.matters(code):
                for secret, actor in self.actors.items():
                    try:
                        matter = reads.one(actor, code, pk)
                    except NotFound:
                        continue
                    for option in options(actor, matter, self.moment):
                        if option.decision:
                            able[option.act.name].append((pk, secret))
        return self._able[code][act]

    def readers(self, code: str) -> list[tuple[int, str]]:
        """Who may read which matter of a mechanism, as far as they may do something with it."""
        self.able(code, "")
        return [pair for pairs in self._able[code].values() for pair in pairs]

    def openers(self, code: str, act: str) -> list[str]:
        """Who may open a matter of a mechanism by an act, by the tokens."""
        return [secret for secret in self.secrets if (code, act) in self._openings[secret]]

    @cached_property
    def _openings(self) -> dict[str, set[tuple[str, str]]]:
        from qingfeng.kernel.acts.engine import openings

        return {
            secret: {
                (option.act.matter.code, option.act.name)
                for option in openings(actor, self.moment)
                if option.decision
            }
            for secret, actor in self.actors.items()
        }

    def choosers(self, code: str, of_matter: bool) -> list[dict[str, str]]:
        """The choosers of a mechanism's acts, as they stand in an address."""
        from qingfeng.kernel.matters.registry import acts_of, matter_class

        return [
            {"act": act.name, "field": spec.name}
            for act in acts_of(matter_class(code)).values()
            if act.opens != of_matter
            for spec in act.inputs.fields
            if spec.kind in ("pick", "choice")
        ] or [{"act": "none", "field": "none"}]

    @cached_property
    def holes(self) -> dict[str, list[Any]]:
        """What may stand in an address, by its name there."""
        from qingfeng.kernel.attachments import Attachment
        from qingfeng.kernel.ledger.models import Entry
        from qingfeng.kernel.papers.models import Paper

        return {
            "file_id": [str(pk) for pk in Attachment.objects.values_list("pk", flat=True)[:OFFERED]],
            "paper_id": [*Paper.objects.values_list("pk", flat=True)[:OFFERED], ELSEWHERE],
            "entry_id": [*Entry.objects.values_list("pk", flat=True)[:OFFERED], ELSEWHERE],
        }

    def fitted(self, body: dict[str, Any], fields: Any, secret: str, draw: Any) -> dict[str, Any]:
        """A body in which ids, codes and days are such as its sender may name."""
        from qingfeng.kernel.acts.scope import ActorScope

        actor = self.actors[secret]
        scope = ActorScope(actor, actor.jurisdictions[0], self.today)
        return dict(self._fitted(body, fields, scope, draw))

    def _fitted(self, body: dict[str, Any], fields: Any, scope: Any, draw: Any) -> Iterator[tuple[str, Any]]:
        specs = {spec.name: spec for spec in fields}
        for name, value in body.items():
            spec = specs.get(name)
            offered: list[Any] = []
            if spec is None or value is None:
                pass
            elif spec.kind == "pick":
                offered = [one.pk for one in scope.candidates(spec)[:OFFERED]]
            elif spec.kind == "choice":
                offered = [code for code, _label in scope.codes(spec)]
            elif spec.kind == "day":
                offered = [(self.today + timedelta(days)).isoformat() for days in range(-NEAR, NEAR)]
            elif spec.kind == "moment":
                offered = [(self.moment + timedelta(days)).isoformat() for days in range(-NEAR, NEAR)]
            elif spec.kind == "files":
                value = []
            elif spec.kind == "rows" and isinstance(value, list):
                value = [
                    dict(self._fitted(row, spec.rows, scope, draw)) if isinstance(row, dict) else row
                    for row in value
                ]
            yield name, draw(offered) if offered else value


class Run:
    """The requests sent, and what was wrong with their answers."""

    def __init__(self, moment: Any, seed: int) -> None:
        import schemathesis
        from django.core.signals import got_request_exception

        from qingfeng.faces.api.urls import api
        from tools import openapi

        described = json.loads(openapi.description())
        for path in described["paths"].values():
            for operation in path.values():
                # No token is made up: each request carries a real one.
                del operation["security"]
        self.described = schemathesis.openapi.from_dict(
            described, config=schemathesis.Config.from_dict(REFUSED)
        )
        self.described.app = closed
        self.operations = api.operations
        self.draws = Draws(moment)
        self.seed, self.random = seed, Random(seed)
        self.statuses: Counter[int] = Counter()
        self.by_operation: dict[str, Counter[int]] = defaultdict(Counter)
        self.wrong: set[str] = set()
        self.broken: list[str] = []
        got_request_exception.connect(self._broke, weak=False)

    def _broke(self, sender: Any, **more: Any) -> None:
        self.broken.append(traceback.format_exc())

    def sent(self) -> int:
        """How many requests so far."""
        return self.statuses.total()

    def all(self, cases: int) -> None:
        """At least so many requests: to each operation as many, those first that open a matter."""
        turn = 0
        # Hypothesis stops early where an operation has few requests that differ.
        while self.sent() < cases:
            each = -(-(cases - self.sent()) // len(self.operations))
            for name in sorted(self.operations, key=lambda name: not self._opens(name)):
                self.attempt(name, each, self.seed + turn)
            turn += 1

    def _opens(self, name: str) -> bool:
        act = self.operations[name].act
        return act is not None and act.opens

    def attempt(self, name: str, cases: int, seeded: int) -> None:
        """Some requests to one operation."""
        operation = self.described.find_operation_by_id(name)
        good = -(-2 * cases // 3)
        self._some(name, operation, True, good, seeded)
        self._some(name, operation, False, cases - good, seeded)

    def _some(self, name: str, operation: Any, good: bool, cases: int, seeded: int) -> None:
        from hypothesis import HealthCheck, Phase, given, seed, settings
        from hypothesis.errors import Unsatisfiable
        from schemathesis import GenerationMode

        mode = GenerationMode.POSITIVE if good else GenerationMode.NEGATIVE

        @seed(seeded)
        @settings(
            max_examples=cases,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            self._send(name, case, good)

        # To some operations nothing can be sent that does not fit.
        with suppress(Unsatisfiable):
            if cases:
                send()

    def _send(self, name: str, case: Any, good: bool) -> None:
        declared, draw = self.operations[name], self.random.choice
        code, act = declared.tag, declared.act
        bearer = draw(self.draws.secrets)
        # What is valid by its form may still be refused: not there, not theirs, not now.
        unfit = ["positive_data_acceptance"]
        if self.random.random() < REAL:
            if "matter_id" in case.path_parameters:
                able = self.draws.able(code, act.name) if act else []
                elsewhere = [(pk, bearer) for pk in self.draws.matters(code)]
                pairs = able or self.draws.readers(code) or elsewhere
                case.path_parameters["matter_id"], bearer = draw(pairs)
                unfit.append("negative_data_rejection")
            elif act is not None:
                bearer = draw(self.draws.openers(code, act.name) or [bearer])
            for hole in self.draws.holes.keys() & case.path_parameters.keys():
                case.path_parameters[hole] = draw(self.draws.holes[hole])
                unfit.append("negative_data_rejection")
            if {"act", "field"} <= case.path_parameters.keys():
                case.path_parameters.update(
                    draw(self.draws.choosers(code, "matter_id" in case.path_parameters))
                )
                unfit.append("negative_data_rejection")
            if good and act is not None and isinstance(case.body, dict):
                case.body = self.draws.fitted(case.body, act.inputs.fields, bearer, draw)
        self._judge(name, case, bearer, set(unfit))

    def _judge(self, name: str, case: Any, bearer: str, unfit: set[str]) -> None:
        from schemathesis.checks import CHECKS
        from schemathesis.core.failures import Failure, FailureGroup

        before = len(self.broken)
        response = case.call(headers={"Authorization": f"Bearer {bearer}"})
        self.statuses[response.status_code] += 1
        self.by_operation[name][response.status_code] += 1
        try:
            case.validate_response(response, excluded_checks=[CHECKS.get_one(check) for check in unfit])
        except (Failure, FailureGroup) as fault:
            said = [str(one) for one in getattr(fault, "exceptions", [fault])]
            place = f"{name}: {response.status_code}: {said[0].splitlines()[0]}"
            request = f"{case.method} {case.formatted_path} {case.query} {case.body}"
            if place not in self.wrong:
                self.wrong.add(place)
                print("\n".join([f"WRONG {place}", *said, request, *self.broken[before:], ""]), flush=True)


def closed(environ: Any, start_response: Any) -> list[bytes]:
    """The site, with every answer read and closed as a server does it."""
    from qingfeng.faces.wsgi import application

    answered = application(environ, start_response)
    try:
        return [b"".join(answered)]
    finally:
        answered.close()


def asked(cases: int, seed: int) -> Run:
    """Load the demonstration where none is, and send the requests."""
    import logging

    from django.conf import settings

    from qingfeng.faces.api import auth
    from qingfeng.faces.cli.demo.loading import load
    from qingfeng.kernel.people.models import Jurisdiction
    from qingfeng.kernel.time.timekeeper import FixedTime

    if not Jurisdiction.objects.exists():
        began = time.perf_counter()
        count = load(ground.NOW)
        print(f"{count} matters in {time.perf_counter() - began:.0f} s", flush=True)
    auth.clock = FixedTime(ground.NOW)
    settings.API_PER_MINUTE = 10**9
    logging.disable()
    run = Run(ground.NOW, seed)
    run.all(cases)
    return run


def say(run: Run, seconds: float) -> None:
    """Print what was answered, by status and by operation."""
    for name in sorted(run.by_operation):
        counted = run.by_operation[name]
        print(f"{name}: {', '.join(f'{status} × {counted[status]}' for status in sorted(counted))}")
    print(f"{run.sent():,} cases to {len(run.by_operation)} operations in {seconds:.0f} s: ", end="")
    print(", ".join(f"{status} × {run.statuses[status]:,}" for status in sorted(run.statuses)))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    figures.machine()
    verdict = figures.Verdict()
    with ground.laid(given.database, founded=False):
        began = time.perf_counter()
        run = asked(given.cases, given.seed)
        say(run, time.perf_counter() - began)
    verdict.most("answers of 5xx", sum(run.statuses[status] for status in run.statuses if status >= 500), 0)
    verdict.most("answers against the description", len(run.wrong), 0)
    verdict.leave()


if __name__ == "__main__":
    main()
