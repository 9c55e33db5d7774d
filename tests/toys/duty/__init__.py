"""A mechanism for the tests of papers, export and recurring duties: a sheet of paper, and a meeting held by turns."""
