"""Switches vendors' loggers off: they log addresses, texts and tokens (URLs, parameters of calls) (Q103)."""

import logging


def silence_vendor_logs(*names: str) -> None:
    """Disables these loggers and their children, whatever level is set later.

    The channel's own errors say what failed. Children created later reach no handler, since propagation is off.
    """
    for name in names:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        for each in (logger, *_children(name)):
            each.disabled = True


def _children(name: str) -> list[logging.Logger]:
    made = logging.getLogger().manager.loggerDict.items()
    return [each for full, each in made if isinstance(each, logging.Logger) and full.startswith(f"{name}.")]
