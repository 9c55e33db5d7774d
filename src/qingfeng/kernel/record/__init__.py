"""The record 留痕: facts, books, registers and the journal; rows that are only added."""
