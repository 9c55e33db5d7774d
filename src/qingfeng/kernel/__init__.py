"""The kernel 内核: the ground every mechanism stands on; it knows none of them.

parties and actors · matters, moved by acts · guards and access · steps, clocks, books · links,
events, opening · facts · the ledger and its journal · batches and draws · the regime · papers ·
attachments · the outbox · sealing and erasure · time and working days.
"""
