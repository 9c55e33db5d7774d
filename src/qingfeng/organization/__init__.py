"""The acts upon the kernel's parties: units, people, posts, roles, portfolios, links, bodies, accounts (机构编制)."""
