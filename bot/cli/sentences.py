"""What several commands say alike."""

from bot.domain.regions import Region


def late_sentence(region: Region, days: str) -> str:
    """A region names days that are over before its own day; another may be given to it."""
    return f'{region} names {days} and has no day before they are over. Give it one: vigil plan move "{region}" DATE'
