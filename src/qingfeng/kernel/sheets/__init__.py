"""Sheets 表格: workbooks and CSV read into rows by their heads, and the template to fill in.

``read`` gives the cells of a file, ``table`` the rows by the names of fields, ``taken`` the rows as an act
takes them, with what can't be understood; ``template`` writes the workbook to fill in.
"""

from qingfeng.kernel.sheets.columns import Table, table
from qingfeng.kernel.sheets.filled import Fault, Taken, placed, taken
from qingfeng.kernel.sheets.grid import Cell, Grid, read
from qingfeng.kernel.sheets.limits import Bounds
from qingfeng.kernel.sheets.template import template

__all__ = [
    "Bounds",
    "Cell",
    "Fault",
    "Grid",
    "Table",
    "Taken",
    "placed",
    "read",
    "table",
    "taken",
    "template",
]
