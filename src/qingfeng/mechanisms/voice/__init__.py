"""Voice 民声: what citizens and units say, and what becomes of it."""
