"""Facts published to families and staff: each is a dataclass here and a `case` in `notifiers/words/texts.py`."""
