"""How much of a sheet is read at once."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

BYTES = 20 << 20
ROWS = 20_000
COLUMNS = 200
CELLS = 500_000
TOO_LARGE = format_lazy(
    _("This sheet is too large: at most {} rows, {} columns and {} MB. Hand it in in parts."),
    ROWS,
    COLUMNS,
    BYTES >> 20,
)
