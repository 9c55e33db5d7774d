"""The acts upon the kernel's parties: units and successors, posts, roles, portfolios, accounts (机构编制)."""
