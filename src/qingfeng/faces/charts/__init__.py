"""Charts as SVG made on the server, each with the table of its figures behind it."""
