"""`health`: what is ill with an installation, for the person at eight in the morning and for a monitor."""
