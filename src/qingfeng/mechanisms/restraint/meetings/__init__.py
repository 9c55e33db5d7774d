"""Meetings and papers 会议管控: fewer, smaller, shorter (DOMAIN D5; 整治形式主义为基层减负若干规定 2024)."""
