"""Vigil: a Telegram bot that brings each day's prayer request to private groups."""
