"""Recurring duties and the tasks they set 调度与督办.

Rows of DOMAIN.md: A3 (recurring duties) and C7 (the monthly meeting, whose resolutions become tasks).

Half-monthly scheduling (半月调度), the monthly check of open matters (月度核对), the monthly assessment meeting
(月度例会) and the weekly project meeting (周例会) open themselves on working days. Their agenda is drawn from open
matters; one whose day passes is flagged; what is resolved becomes tasks (督办事项). The monthly check goes through
open matters at the desk: it visits nobody, asks no unit for forms (政府督查工作条例 art. 15) and is no inspection, which
opens rounds of its own.
"""
