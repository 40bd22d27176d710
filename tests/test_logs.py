import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import SafeFormatter
from bot.settings import CONFIG

TOKEN = "4242424242:AAHrehearsal_token-for-tests-only-01"
CANARY = "Quillfeather"


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[io.StringIO]:
    """What is written under the project's own logging file."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    logs.configure(CONFIG / "logging.yaml")
    written = io.StringIO()
    added = [handler for handler in root.handlers if isinstance(handler, logging.StreamHandler)]
    for handler in added:
        handler.setStream(written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def fail_with(message: str) -> None:
    try:
        int(message)
    except ValueError as error:
        raise RuntimeError(f"inside {message}") from error


def test_a_token_is_hidden_wherever_it_stands(lines: io.StringIO) -> None:
    log = logging.getLogger("vigil.test")
    log.warning("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.warning("%r", {"token": TOKEN})
    assert TOKEN not in lines.getvalue()
    assert TOKEN.partition(":")[2] not in lines.getvalue()
    assert lines.getvalue().count("<token>") == 2


@given(st.from_regex(r"[0-9]{6,12}:[A-Za-z0-9_-]{34,36}", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_any_token_is_hidden_in_any_line(token: str, before: str, after: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, f"{before} {token} {after}".replace("%", ""), None, None)
    assert token not in SafeFormatter().format(record)


def test_an_exception_is_written_by_kind_and_place_without_its_message(lines: io.StringIO) -> None:
    try:
        fail_with(f"Pray for {CANARY}")
    except RuntimeError:
        logging.getLogger("vigil.test").exception("an update could not be handled")
    written = lines.getvalue()
    assert CANARY not in written
    for word in ("an update could not be handled", "RuntimeError", "ValueError", "test_logs.py", "in fail_with"):
        assert word in written


def test_causes_and_contexts_are_followed_without_their_messages(lines: io.StringIO) -> None:
    try:
        try:
            {}[CANARY]  # type: ignore[index]
        except KeyError:
            int(CANARY)
    except ValueError:
        logging.getLogger("vigil.test").exception("later")
    assert CANARY not in lines.getvalue()
    assert "ValueError" in lines.getvalue()
    assert "KeyError" in lines.getvalue()


def test_an_exception_that_is_its_own_cause_is_written_once(lines: io.StringIO) -> None:
    error = ValueError(CANARY)
    error.__cause__ = error
    logging.getLogger("vigil.test").error("round and round", exc_info=error)
    assert lines.getvalue().count("ValueError") == 1
    assert CANARY not in lines.getvalue()


def test_what_another_formatter_has_written_of_an_exception_is_not_taken_over() -> None:
    try:
        fail_with(CANARY)
    except RuntimeError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "failed", None, (RuntimeError, error, error.__traceback__)
        )
    assert CANARY in logging.Formatter().format(record)
    assert CANARY not in SafeFormatter().format(record)


def test_what_libraries_say_of_every_call_is_not_written(lines: io.StringIO) -> None:
    for name in ("httpx", "telegram.ext.ExtBot", "apscheduler.scheduler", "alembic.runtime.migration"):
        logging.getLogger(name).info("HTTP Request: POST bot%s", CANARY)
        logging.getLogger(name).debug("payload %s", CANARY)
    assert lines.getvalue() == ""


def test_a_handler_that_a_host_adds_to_any_logger_hides_tokens_too(lines: io.StringIO, tmp_path: Path) -> None:
    config = yaml.safe_load((CONFIG / "logging.yaml").read_text("utf-8"))
    target = tmp_path / "own.log"
    config["formatters"]["own"] = {"format": "%(message)s"}
    config["handlers"]["own"] = {"class": "logging.FileHandler", "filename": str(target), "formatter": "own"}
    config["loggers"]["vigil.own"] = {"handlers": ["own"], "level": "INFO"}
    (tmp_path / "logging.yaml").write_text(yaml.safe_dump(config), "utf-8")
    logs.configure(tmp_path / "logging.yaml")
    log = logging.getLogger("vigil.own")
    try:
        fail_with(CANARY)
    except RuntimeError:
        log.exception("token %s", TOKEN)
    for handler in log.handlers[:]:
        log.removeHandler(handler)
        handler.close()
    assert "<token>" in target.read_text("utf-8")
    assert TOKEN not in target.read_text("utf-8")
    assert CANARY not in target.read_text("utf-8")
