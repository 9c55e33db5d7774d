"""The first release."""
