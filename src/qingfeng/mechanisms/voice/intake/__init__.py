"""Intake 来件导入与分办: citizens' messages and hotline cases, taken in as batches and handed out (rows A8, C1)."""
