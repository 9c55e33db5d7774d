"""The second release: columns added, removed, renamed, of another type, and values changed."""
