"""Reception and the three public expenses 公务接待、三公经费.

Row of DOMAIN.md: D4 (reception and "three public" expenses).

A reception is asked for with the guests' letter, approved by the leader in charge, held, listed and settled; its money is
reserved and spent in books under the yearly limit and the unit's own budget line. Beside it stand the yearly budget of the
three lines and the returns of what was spent on them.
"""
