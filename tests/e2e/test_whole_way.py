"""From a bulletin to a tap on "I prayed", over HTTP."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.regions import Region
from bot.store.bulletins import BulletinState, PlanEntry
from bot.store.database import Store
from tests.clock import StandingClock
from tests.e2e.stage import on_stage

VERSE = Verse("Let justice roll on like rivers", "Amos 5:24")
TEXT = "Please pray for the invented harbour team & its <first> hearing."


async def put_bulletin(store: Store, day: date) -> None:
    request = Request(Region.SOUTH_ASIA, "South Asia", (Point(TEXT, Kind.PRAYER),))
    window = [day + timedelta(days=number) for number in range(7)]
    async with store.writing() as stored:
        bulletin = await stored.bulletins.add(
            Bulletin(None, None, VERSE, (request,)), "content", day - timedelta(days=1), window, VERSE
        )
        await stored.bulletins.set_state(bulletin.id, BulletinState.PUBLISHED)
        await stored.bulletins.put_plan([PlanEntry(day, bulletin.requests[0].id, (0,))])


async def test_a_request_is_opened_then_revealed_once_and_prayed_for(any_database: str, clock: StandingClock) -> None:
    clock.instant = datetime(2026, 3, 1, 12, tzinfo=UTC)
    async with on_stage(any_database, clock) as stage:
        await put_bulletin(stage.app.store, date(2026, 3, 2))
        amina, brian = stage.world.person("Amina"), stage.world.person("Brian")
        group = await stage.subscribed("Nairobi prayer", amina, brian, zone="Africa/Nairobi", at="07:30")
        clock.instant = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
        await stage.until(lambda: stage.shows(group, "harbour team"))
        (post,) = stage.world.record.holding("harbour team", group)
        assert "harbour" not in post.versions[0].text.text
        assert TEXT in post.text
        stage.world.tap(amina, post, "🙏")
        stage.world.tap(brian, post, "🙏")
        stage.world.tap(brian, post, "🙏")
        await stage.until(lambda: post.buttons[0].endswith("2"))
        await stage.settled()
        assert len(stage.world.record.holding("harbour team")) == 1
