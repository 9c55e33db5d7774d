"""Matters 事项: what officials' work is made of, moved by acts from state to state."""
