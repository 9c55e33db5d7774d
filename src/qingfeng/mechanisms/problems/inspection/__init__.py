"""Inspection 督导检查 and special rectification 专项整治 (DOMAIN C2, C8): planned, visited unit by unit, reported."""
