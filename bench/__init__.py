"""Benchmarks and bad days at full size, each with the limit it must hold: ``python -m bench.<name>``."""
