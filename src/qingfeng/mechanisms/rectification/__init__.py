"""Rectification 问题整改: a problem on one sheet until it is written off (DOMAIN C1 交办单、一事一表、逐一销号)."""
