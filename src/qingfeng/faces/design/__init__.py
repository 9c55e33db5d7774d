"""The design system of the console and the public pages: tokens, shells, components.

A component is a *part*: a frozen dataclass that says what it needs, and a template that draws it.
``{% load design %}{% show part %}`` draws any part, a list of parts, or a plain value.
"""
