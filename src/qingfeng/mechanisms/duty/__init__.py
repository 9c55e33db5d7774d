"""Duty 履职: what has to be done, by whom and by when, and how it is followed up."""
