"""Vendors log addresses, texts and tokens (a request's URL, a call's parameters), so their logs are not kept (Q103)."""

import logging


def silence(*names: str) -> None:
    """Nothing of these loggers and their children is logged any more, whatever level somebody sets.

    What went wrong is told by the channel's own errors. Children made later are cut off from the handlers above.
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
