"""Experiment 8, a small one: a disk that takes nothing more, and takes it again later. No step without being stored."""

import resource
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.rehearsal.faults import delay_reply
from tests.clock import StandingClock
from tests.e2e.conftest import MONDAY_DUE
from tests.e2e.host import Host, due_in_a_moment, end, host_of, line_with
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import PATIENCE_SECONDS, on_stage, until

NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with host_of(f"sqlite:///{tmp_path}/vigil.db") as host:
        yield host


def fill(pid: int, *, up: bool) -> None:
    """From now on the system refuses every byte that the process writes into a file; or no longer."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY) if up else NO_LIMIT)


async def test_a_full_disk_keeps_everything_from_being_sent_until_it_has_room(host: Host) -> None:
    record = host.server.world.record
    async with host.running() as process:
        fill(process.pid, up=True)
        group = await due_in_a_moment(host)
        await line_with(process.stderr, "the database says")
        assert not record.by_bot(group)
        fill(process.pid, up=False)
        await until(lambda: bool(record.showing(HARBOUR)))
        process.send_signal(signal.SIGTERM)
        status, out, err = await end(process)
    assert (status, "Traceback" in out + err) == (0, False)
    assert len(record.holding(HARBOUR)) == 1


async def test_a_disk_that_fills_up_in_mid_reveal_costs_nothing(host: Host) -> None:
    record = host.server.world.record
    group = await due_in_a_moment(host)
    revealed = host.server.faults.add(delay_reply(), method="editMessageText", chat=group)
    async with host.running() as process:
        await revealed.met(PATIENCE_SECONDS)
        fill(process.pid, up=True)
        revealed.off()
        await line_with(process.stderr, "the database says")
        fill(process.pid, up=False)
        await until(lambda: len(record.calls_of("editMessageText", group)) > 1)
        process.send_signal(signal.SIGTERM)
        status, out, err = await end(process)
    assert (status, "Traceback" in out + err) == (0, False)
    assert record.by_bot(group) == record.holding(HARBOUR)
    assert len(record.holding(HARBOUR)) == 1


async def test_a_database_that_can_only_be_read_keeps_everything_from_being_sent(tmp_path: Path) -> None:
    clock = StandingClock(MONDAY_DUE - timedelta(days=1))
    async with on_stage(f"sqlite:///{tmp_path}/vigil.db", clock) as stage:
        await publish(stage.app.store, clock)
        group = await stage.subscribed("Harbour prayer", stage.world.person("Amina"))
        before, engine, only = len(stage.world.record.by_bot(group)), stage.app.store.engine.sync_engine, ["ON"]
        event.listen(engine, "begin", lambda each: each.exec_driver_sql(f"PRAGMA query_only={only[0]}"))
        clock.instant = MONDAY_DUE
        with pytest.raises(OperationalError, match="readonly"):
            await stage.app.posting.wake()
        await stage.settled()
        assert len(stage.world.record.by_bot(group)) == before
        only[0] = "OFF"
        await stage.until(lambda: stage.shows(group, HARBOUR))
