"""What several commands say alike."""

from bot.domain.bulletin import ReadingWarning
from bot.domain.regions import Region


def late_sentence(region: Region, days: str) -> str:
    """A region names days that are over before its own day; another may be given to it."""
    return f'{region} names {days} and has no day before they are over. Give it one: vigil plan move "{region}" DATE'


def warning_sentence(warning: ReadingWarning) -> str:
    """What an editor should look at, and in which line."""
    return f"line {warning.line}: {warning.message}" if warning.line else warning.message
