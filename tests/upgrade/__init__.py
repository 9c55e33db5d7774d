"""What was promised of releases is held against what they left behind.

Each release leaves a folder here, named by its version (``release`` makes it): an installation that its own
demonstration filled, the digests of its migrations, and every code it stored. ``before_0.1.0`` is the tree as it
stood before the kernel lay in folders. The keys in there are those of invented people and open nothing else.
"""
