"""In the background 后台: the worker, what it sends, and long work in pieces."""
