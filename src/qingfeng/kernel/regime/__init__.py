"""The regime (制度参数): typed, dated parameters with sources, strictly loaded and stacked. No Django."""
