"""One app in two releases: what the second does to the first one's rows is an upgrade, and not a copy of one.

Each is installed by settings of its own, in a process of its own, on the same database.
"""
