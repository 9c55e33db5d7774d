"""Parties 主体: jurisdictions, units, persons, accounts, and the roles they hold, all dated."""
