"""Reads the catalogues when it is imported, so that processes that are forked afterwards need not (`warm`)."""

from bot.locales import LocaleCatalogues

LocaleCatalogues.load()
