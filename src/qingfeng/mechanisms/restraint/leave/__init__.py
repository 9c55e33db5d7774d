"""Leave 请销假: asked for before, cancelled after, approved by rank and length (DOMAIN D1 事前请假、事后销假、分级负责)."""
