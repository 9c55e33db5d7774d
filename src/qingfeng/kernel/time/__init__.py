"""Time 时间: the injected clock, working days and periods; time limits and recurring duties on them."""
