"""The assessment engine: scores, explains and replays (考核引擎). Pure Python, numpy and DuckDB; no Django.

Facts come as Parquet files by the contract in ``contract.py``; schemes and rosters as strict YAML;
scores, ranks and traces go out, in integers. Start with ``docs/assessment-engine.md``.
"""

from qingfeng.assessment.engine.assess import Book, Outcome, assess
from qingfeng.assessment.engine.contract import Fact
from qingfeng.assessment.engine.explain import explain, explanation
from qingfeng.assessment.engine.inputs import InputFact, input_facts, list_facts
from qingfeng.assessment.engine.ladder import (
    HeldBack,
    Ladder,
    OnRung,
    Proposal,
    chances_for,
    ladder_from,
    load_ladder,
    propose,
    standings_from,
)
from qingfeng.assessment.engine.period import Period
from qingfeng.assessment.engine.readers.duck import ParquetReader
from qingfeng.assessment.engine.readers.plain import PlainReader
from qingfeng.assessment.engine.refusals import Refused
from qingfeng.assessment.engine.replay import IndicatorMove, Move, difference, replay, trial
from qingfeng.assessment.engine.roster import Exclusion, Known, Link, Member, Roster, load_roster, roster_from
from qingfeng.assessment.engine.rounding import decimal, growth, rate
from qingfeng.assessment.engine.scheme.catalogue import catalogue_from, load_catalogue
from qingfeng.assessment.engine.scheme.dated import Span
from qingfeng.assessment.engine.scheme.loader import load_scheme, scheme_from
from qingfeng.assessment.engine.store import Stored, save
from qingfeng.assessment.engine.traces import Trace, trace, traces
from qingfeng.assessment.engine.uncertainty import Uncertainty, uncertainty

__all__ = [
    "Book",
    "Exclusion",
    "Fact",
    "HeldBack",
    "IndicatorMove",
    "InputFact",
    "Known",
    "Ladder",
    "Link",
    "Member",
    "Move",
    "OnRung",
    "Outcome",
    "ParquetReader",
    "Period",
    "PlainReader",
    "Proposal",
    "Refused",
    "Roster",
    "Span",
    "Stored",
    "Trace",
    "Uncertainty",
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
