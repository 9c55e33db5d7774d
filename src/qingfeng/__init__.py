"""Qingfeng 清风: an open platform for the conduct and effectiveness of public officials."""

__version__ = "0.1.0"
