"""The assessment engine: scores, explains and replays (考核引擎). Pure Python, numpy and DuckDB; no Django.

Facts come as Parquet files by the contract in ``contract.py``; schemes and rosters as strict YAML;
scores, ranks and traces go out, in integers. Start with ``docs/assessment-engine.md``.
"""

from qingfeng.assessment.engine.assess import Book, Outcome, assess
from qingfeng.assessment.engine.contract import Fact
from qingfeng.assessment.engine.period import Period
from qingfeng.assessment.engine.readers.duck import ParquetReader
from qingfeng.assessment.engine.readers.plain import PlainReader
from qingfeng.assessment.engine.refusals import Refused
from qingfeng.assessment.engine.roster import Exclusion, Known, Link, Member, Roster, load_roster, roster_from
from qingfeng.assessment.engine.rounding import decimal, growth, rate
from qingfeng.assessment.engine.scheme.catalogue import catalogue_from, load_catalogue
from qingfeng.assessment.engine.scheme.loader import load_scheme, scheme_from
from qingfeng.assessment.engine.traces import Trace, trace, traces

__all__ = [
    "Book",
    "Exclusion",
    "Fact",
    "Known",
    "Link",
    "Member",
    "Outcome",
    "ParquetReader",
    "Period",
    "PlainReader",
    "Refused",
    "Roster",
    "Trace",
    "assess",
    "catalogue_from",
    "decimal",
    "growth",
    "load_catalogue",
    "load_roster",
    "load_scheme",
    "rate",
    "roster_from",
    "scheme_from",
    "trace",
    "traces",
]
