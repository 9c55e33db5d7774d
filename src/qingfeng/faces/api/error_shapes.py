"""The one shape of what goes wrong at this face, as the description tells it."""

from __future__ import annotations

from pydantic import BaseModel


class GroundView(BaseModel):
    """One of several rules that stand in the way at once, and its clause."""

    reason: str
    clause: str


class ErrorBody(BaseModel):
    """What stands in the way, what to do next, by which clause; ``fields`` says it field by field.

    ``grounds``: where several rules stand in the way at once, each with its own clause.
    """

    code: str
    reason: str
    remedy: str
    clause: str
    grounds: list[GroundView]
    fields: dict[str, list[str]]


class ErrorAnswer(BaseModel):
    """Every error looks like this."""

    error: ErrorBody
