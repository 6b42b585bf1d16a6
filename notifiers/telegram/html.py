"""Telegram's limits of texts in HTML."""

from notifiers.html_messages import html_message_length

LONGEST_MESSAGE = 4096
LONGEST_CAPTION = 1024


def telegram_html_fits_caption(page: str) -> bool:
    """True for a text within the 1024 characters of a caption. Markup is counted too, so the real text is shorter."""
    return html_message_length(page) <= LONGEST_CAPTION
