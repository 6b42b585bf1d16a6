"""The conversation over Telegram: everything that knows aiogram."""

from bot.telegram.models import import_aiogram_models

import_aiogram_models()
