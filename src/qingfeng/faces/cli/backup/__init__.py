"""Backup and restore of a whole installation; its keys go a way of their own."""
