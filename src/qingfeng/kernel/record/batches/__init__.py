"""Batches 批次: one entry that commits to n rows; and draws that anyone can repeat."""
