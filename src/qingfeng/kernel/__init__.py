"""The kernel 内核: the ground every mechanism stands on; it knows none of them.

people · matters, moved by acts under guards · time · the record, in books, facts, registers and the journal, held by the
ledger; sealing · the regime · reading · papers, attachments, sheets · text · what runs in the background.
"""
