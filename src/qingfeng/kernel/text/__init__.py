"""Text 文字: words for readers, and text brought to one form."""
