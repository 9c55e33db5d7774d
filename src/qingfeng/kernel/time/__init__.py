"""Time: the injected clock, the national working-day calendar, periods and recurring duties. No Django."""
