"""Logging that can't give a secret away."""

import logging
import logging.config
import re
import traceback
from pathlib import Path
from types import TracebackType

import yaml

# A bot's token as Telegram makes them: the bot's id, a colon, 35 characters. One character fewer or more is hidden too.
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class SafeFormatter(logging.Formatter):
    """Hides tokens, and writes of an exception only its kind and place: its message may quote what people wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a token."""
        # Another formatter may have left the exception there as it writes it, with its message.
        left, record.exc_text = record.exc_text, None
        try:
            return _TOKEN.sub("<token>", super().format(record))
        finally:
            record.exc_text = left

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 (logging's name)
        """Kinds and places along the chain of causes."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = traceback.extract_tb(error.__traceback__)
            lines.append(type(error).__qualname__)
            lines += [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def configure(path: Path) -> None:
    """Set logging up from a file; whatever it says, every handler writes through `SafeFormatter`."""
    logging.config.dictConfig(yaml.safe_load(path.read_text("utf-8")))
    named = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for logger in (logging.root, *named):
        for handler in logger.handlers:
            if not isinstance(handler.formatter, SafeFormatter):
                handler.setFormatter(SafeFormatter())
