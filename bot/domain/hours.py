"""An hour and minute as people write it."""

from datetime import time


def parse_hour(text: str) -> time:
    """Read "7:30", "20:30" or "7". Raises ValueError for anything else."""
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute or "0"))
    except OverflowError:
        raise ValueError(f"{hour}:{minute} is no time of the day") from None
