"""Papers 公文: drawn up by an act from a versioned template, numbered by organ and year, kept as they were."""
