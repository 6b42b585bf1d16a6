"""The screen of one's own data as a file."""

from bot.screens.register.own.contacts import own_contact_screen_back
from bot.screens.screen import Screen, ScreenFile, Seal
from core.ports import Translator

DATA = "owndata"
"""The button for all of one's own data as one file."""


def own_data_screen(page: bytes, media_type: str, t: Translator, seal: Seal) -> Screen:
    """The file; neither its name nor the words above say whose it is (Q85)."""
    file = ScreenFile(t("own_data.file"), media_type, page)
    return Screen(t("own_data.ready"), (own_contact_screen_back(t, seal),), files=(file,))
