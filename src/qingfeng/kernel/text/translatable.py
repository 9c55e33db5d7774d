"""Errors of the pure rules that a person may come to read, translatable without Django."""

from collections.abc import Callable


def gettext_noop(words: str) -> str:
    """Return `words` as they are; the name lets the extractor of messages find them."""
    return words


class TranslatableError(Exception):
    """An error whose message is `words` filled with `params`; a face tells it in the reader's language."""

    def __init__(self, words: str, /, **params: object) -> None:
        self.words = words
        self.params = params
        super().__init__(words % params)

    def told(self, translate: Callable[[str], str]) -> str:
        """Return the message with its words put through `translate`, such as Django's gettext."""
        return translate(self.words) % self.params
