"""Drafts of dated parameters, schemes, templates, with sources: statutory/, and one folder a locality."""
