"""Meetings and papers 会议管控: fewer, smaller, shorter (整治形式主义为基层减负若干规定 2024).

Row of DOMAIN.md: D5 (meetings and papers).
"""
