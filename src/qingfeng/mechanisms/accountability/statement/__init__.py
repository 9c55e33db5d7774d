"""The statement 说明情况: a unit, or a person, explains to the committee what came out low.

Owed from another mechanism's act, under the contract ``statement.owed``, or asked for by the supervision office. It is a
chance to be heard (公务员法 art. 63), never a finding: no fact is left, whether it came in time or not.

Row of DOMAIN.md: F5 (statements; S4).
"""
