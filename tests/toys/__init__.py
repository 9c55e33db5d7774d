"""Toy mechanisms: they use the parts of the kernel that have no mechanism yet, as their later mechanisms will."""
