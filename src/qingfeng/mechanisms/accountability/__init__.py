"""Accountability 问责: who explains, who is talked to, and what is asked of them then."""
