"""Documents are opened in a process of their own, with limits, so that none of them can harm this one."""

import json
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bot.loader.formats.child import SECONDS
from bot.loader.formats.extract import Extract, FormatError
from bot.loader.formats.recognising import Form

_ROOT = Path(__file__).resolve().parents[3]
_TOO_LONG = f"takes longer than {SECONDS} seconds to open. Copy the bulletin's text into a text file."
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
_BROKEN = "is broken: it can't be opened. Save or download it again, or copy its text into a text file."


def extract(form: Form, content: bytes) -> Extract:
    """Return what a document says. Raises FormatError for one that can't be read, or not within the limits."""
    # The child gets what Python needs to start and nothing of our environment: no token, no key.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-s", "-P", "-m", "bot.loader.formats.child", form]
    try:
        done = subprocess.run(  # noqa: S603 (our own Python and file; the form is one of ours)
            command, input=content, capture_output=True, env=environment, timeout=SECONDS, check=False, cwd="/"
        )
    except subprocess.TimeoutExpired:
        raise FormatError(_TOO_LONG) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        # Killed before it could answer: by the limit of its processor time, or by a fault of a library.
        raise FormatError(_TOO_LONG if done.returncode in _OUT_OF_TIME else _BROKEN) from None
    return _extract(answer)


def _extract(answer: dict[str, Any]) -> Extract:
    if "fault" in answer:
        raise FormatError(answer["fault"])
    return Extract(
        text=answer["text"],
        sent_on=date.fromisoformat(answer["sent_on"]) if answer["sent_on"] else None,
        subject=answer["subject"],
        aside=dict(answer["aside"]),
        notices=tuple((code, sentence) for code, sentence in answer["notices"]),
    )
