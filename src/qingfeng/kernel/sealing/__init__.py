"""Sealing 密封: personal values and prose beside the ledger, under keys that can be destroyed."""
