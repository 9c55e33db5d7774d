"""The kernel's tables, gathered for Django from the parts that define them."""

from qingfeng.kernel.access import Access
from qingfeng.kernel.acts.submissions import Submission
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.batches.models import BatchRow
from qingfeng.kernel.books import Book, BookEntry
from qingfeng.kernel.clocks import Running
from qingfeng.kernel.facts import Fact
from qingfeng.kernel.journal import JournalEntry, JournalHead
from qingfeng.kernel.ledger.models import (
    Checkpoint,
    Entry,
    HistoryNode,
    Leaf,
    SealedUpTo,
    SigningKey,
)
from qingfeng.kernel.ledger.schema import FieldList, Restatement
from qingfeng.kernel.lending import Lent
from qingfeng.kernel.links import Link
from qingfeng.kernel.matters.models import Matter, NumberSeries
from qingfeng.kernel.outbox import Message
from qingfeng.kernel.papers.models import Paper, PaperApproval, PaperTemplate
from qingfeng.kernel.parties.models import Account, Jurisdiction, Person, Succession, Unit
from qingfeng.kernel.parties.roles import Delegation, Portfolio, RoleHolding
from qingfeng.kernel.recurring import Opened
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice
from qingfeng.kernel.sealing.ballots import Cast, Issued
from qingfeng.kernel.sealing.models import SealedValue
from qingfeng.kernel.steps import Seat, Step

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
    "Entry",
    "Fact",
    "FieldList",
    "HistoryNode",
    "Issued",
    "JournalEntry",
    "JournalHead",
    "Jurisdiction",
    "Leaf",
    "Lent",
    "Link",
    "Matter",
    "Message",
    "NumberSeries",
    "Opened",
    "Paper",
    "PaperApproval",
    "PaperTemplate",
    "Person",
    "Portfolio",
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
