"""Sheets 表格: workbooks and CSV read into rows by their heads, and the template to fill in.

``read`` gives the cells of a file by worksheet, ``laid`` finds heads and rows among them, ``table`` gives the rows by
the names of fields, ``taken`` as an act takes them, with what can't be understood; ``template`` writes the workbook to
fill in.
"""

from qingfeng.kernel.sheets.cell_values import FilledRows, SheetFault, placed, taken
from qingfeng.kernel.sheets.columns import SheetTable, table
from qingfeng.kernel.sheets.grid import Book, Cell, DoubtfulCell, Worksheet, read
from qingfeng.kernel.sheets.layout import HeadedRows, laid
from qingfeng.kernel.sheets.limits import Bounds
from qingfeng.kernel.sheets.template import template

__all__ = [
    "Book",
    "Bounds",
    "Cell",
    "DoubtfulCell",
    "FilledRows",
    "HeadedRows",
    "SheetFault",
    "SheetTable",
    "Worksheet",
    "laid",
    "placed",
    "read",
    "table",
    "taken",
    "template",
]
