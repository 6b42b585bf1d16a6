"""Vendors log addresses, texts and tokens (a request's URL, a call's parameters), so their logs are not kept (Q103)."""

import logging


def silence(*names: str) -> None:
    """Nothing of these loggers or their children reaches a handler of ours, whatever the level.

    What went wrong is told by the channel's own errors.
    """
    for name in names:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
