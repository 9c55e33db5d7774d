"""The assessment engine: scores, explains and replays (考核引擎). Pure Python, numpy and DuckDB; no Django.

Facts come as Parquet files by the contract in ``contract.py``; schemes and rosters as strict YAML;
scores, ranks and traces go out, in integers. Start with ``docs/assessment-engine.md``.
"""

from qingfeng.assessment.engine.assess import JurisdictionScores, SchemeBook, assess
from qingfeng.assessment.engine.contract import FactRow
from qingfeng.assessment.engine.explain import explain, explanation
from qingfeng.assessment.engine.inputs import InputFact, input_facts, list_facts
from qingfeng.assessment.engine.ladder import (
    Ladder,
    LadderProposal,
    RungStanding,
    WithheldProposal,
    chances_for,
    ladder_from,
    load_ladder,
    propose,
    standings_from,
)
from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.readers.duck import ParquetReader
from qingfeng.assessment.engine.readers.plain import PlainReader
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.replay import IndicatorMove, SubjectMove, difference, replay, trial
from qingfeng.assessment.engine.roster import (
    Exclusion,
    Member,
    RecordSpan,
    Roster,
    RosterLink,
    load_roster,
    roster_from,
)
from qingfeng.assessment.engine.rounding import decimal, growth, rate
from qingfeng.assessment.engine.scheme.catalogue import catalogue_from, load_catalogue
from qingfeng.assessment.engine.scheme.dated import DateSpan
from qingfeng.assessment.engine.scheme.loader import load_scheme, scheme_from
from qingfeng.assessment.engine.store import StoredRun, save
from qingfeng.assessment.engine.traces import Trace, trace, traces
from qingfeng.assessment.engine.uncertainty import Uncertainty, uncertainty

__all__ = [
    "AssessmentPeriod",
    "DateSpan",
    "EngineRefusal",
    "Exclusion",
    "FactRow",
    "IndicatorMove",
    "InputFact",
    "JurisdictionScores",
    "Ladder",
    "LadderProposal",
    "Member",
    "ParquetReader",
    "PlainReader",
    "RecordSpan",
    "Roster",
    "RosterLink",
    "RungStanding",
    "SchemeBook",
    "StoredRun",
    "SubjectMove",
    "Trace",
    "Uncertainty",
    "WithheldProposal",
    "assess",
    "catalogue_from",
    "chances_for",
    "decimal",
    "difference",
    "explain",
    "explanation",
    "growth",
    "input_facts",
    "ladder_from",
    "list_facts",
    "load_catalogue",
    "load_ladder",
    "load_roster",
    "load_scheme",
    "propose",
    "rate",
    "replay",
    "roster_from",
    "save",
    "scheme_from",
    "standings_from",
    "trace",
    "traces",
    "trial",
    "uncertainty",
]
