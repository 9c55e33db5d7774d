"""What must hold of every run, whatever the scheme: checked against the second implementation."""

from collections.abc import Mapping

from qingfeng.assessment.engine import JurisdictionScores, traces
from qingfeng.assessment.engine.scoring import SchemeScores, Standing
from tests.assessment.engine import recompute


def check_outcome(outcome: JurisdictionScores) -> None:
    """Recompute every number of every subject from its traces alone, and every rank from the totals."""
    for id, scores in outcome.schemes.items():
        every = {
            subject: [trace.data() for trace in traces(outcome, id, subject)] for subject in scores.subjects
        }
        for at, subject in enumerate(scores.subjects):
            for number, data in enumerate(every[subject]):
                peers = [
                    every[peer][number]
                    for position, peer in enumerate(scores.subjects)
                    if scores.groups[position] == scores.groups[at]
                    and every[peer][number]["status"] not in DECIDED
                ]
                out = data["status"] in recompute.ASIDE or (
                    data["status"] in DECIDED and data["method"].startswith("rank_points/")
                )
                points = None if out else recompute.points_of(data, peers)
                assert data["points"] == recompute.counted(data, points), (id, subject, data["indicator"])
            expected = recompute.total(every[subject], scores.scheme.scoring)
            if expected is None:
                assert scores.standing[at] == Standing.NOTHING_LEFT
            else:
                assert int(scores.total[at]) == expected, (id, subject)
        _check_ranks(scores)


DECIDED = ("protection_aside", "tolerance_aside", "protection_neutral", "tolerance_neutral")
"""Set aside or made neutral by a decision: not compared with others."""


def _check_ranks(scores: SchemeScores) -> None:
    for number, group in enumerate(scores.scheme.groups):
        inside = [
            at
            for at in range(len(scores.subjects))
            if scores.groups[at] == number and scores.standing[at] == Standing.RANKED
        ]
        totals = [int(scores.total[at]) for at in inside]
        for at in inside:
            better = [total for total in totals if total > scores.total[at]]
            ahead = len(better) if group.ties == "competition" else len(set(better))
            assert scores.ranking.rank[at] == ahead + 1
            assert scores.ranking.from_below[at] == sum(total < scores.total[at] for total in totals) + 1
            assert scores.ranking.size[at] == len(inside)


def same(first: Mapping[str, JurisdictionScores], second: Mapping[str, JurisdictionScores]) -> None:
    """Two runs agree to the digit, traces and digests included."""
    assert first.keys() == second.keys()
    for jurisdiction, outcome in first.items():
        other = second[jurisdiction]
        assert outcome.schemes.keys() == other.schemes.keys()
        for id, scores in outcome.schemes.items():
            for subject in scores.subjects:
                assert traces(outcome, id, subject) == traces(other, id, subject)
            assert scores.total.tolist() == other[id].total.tolist()
            assert scores.ranking.rank.tolist() == other[id].ranking.rank.tolist()
