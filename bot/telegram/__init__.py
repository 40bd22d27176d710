"""Telegram: python-telegram-bot's objects come in here, and none goes further down."""
