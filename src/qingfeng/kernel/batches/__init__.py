"""Batches (批量事项): one entry that commits to many rows, and draws that anyone can repeat. No Django."""
