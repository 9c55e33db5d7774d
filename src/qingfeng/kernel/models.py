"""The kernel's tables, gathered for Django from the parts that define them."""

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.drafts import Draft
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.acts.steps import Seat, Step
from qingfeng.kernel.acts.submissions import Submission
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import (
    Checkpoint,
    Entry,
    HistoryNode,
    Leaf,
    SealedUpTo,
    SigningKey,
)
from qingfeng.kernel.ledger.schema import FieldList, Restatement
from qingfeng.kernel.matters.models import Matter, NumberSeries
from qingfeng.kernel.papers.models import Paper, PaperApproval, PaperTemplate
from qingfeng.kernel.people.lending import Lent
from qingfeng.kernel.people.models import Account, Jurisdiction, Person, Succession, Unit
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.people.roles import Delegation, Portfolio, RoleHolding
from qingfeng.kernel.reading.kept_figures import (
    KeptBlock,
    KeptSum,
    KeptUpTo,
    Readership,
    ReadershipHolder,
)
from qingfeng.kernel.record.batches.models import BatchRow
from qingfeng.kernel.record.books import Book, BookEntry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.record.journal import JournalEntry, JournalHead
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice
from qingfeng.kernel.sealing.ballots import Cast, Issued
from qingfeng.kernel.sealing.models import SealedValue
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.duties import Opened

__all__ = [
    "Access",
    "Account",
    "ActivatedRegime",
    "Attachment",
    "BatchRow",
    "Book",
    "BookEntry",
    "CalendarNotice",
    "Cast",
    "Checkpoint",
    "Delegation",
    "Draft",
    "Entry",
    "Fact",
    "FieldList",
    "HistoryNode",
    "Issued",
    "JournalEntry",
    "JournalHead",
    "Jurisdiction",
    "KeptBlock",
    "KeptSum",
    "KeptUpTo",
    "Leaf",
    "Lent",
    "Link",
    "Matter",
    "Message",
    "NumberSeries",
    "Opened",
    "OutsideParty",
    "Paper",
    "PaperApproval",
    "PaperTemplate",
    "Person",
    "Portfolio",
    "Readership",
    "ReadershipHolder",
    "Restatement",
    "RoleHolding",
    "Running",
    "SealedUpTo",
    "SealedValue",
    "Seat",
    "SigningKey",
    "Step",
    "Submission",
    "Succession",
    "Unit",
]
