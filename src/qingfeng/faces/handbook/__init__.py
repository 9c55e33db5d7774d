"""The handbook 手册 of the mechanisms, read off their declarations: shown by the console, written to files."""
