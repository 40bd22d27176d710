"""`vigil journal`: what was done from the shell, and what it never says."""

import asyncio
import os
from pathlib import Path

from bot.domain.act import Act
from bot.domain.group import GroupState
from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key, person_code
from tests.cli.conftest import Vigil
from tests.cli.test_load import WEEK, yesterday
from tests.e2e.stage import KEY
from tests.stored import NOW, add_group

AMINA = 7711223344


def acts(vigil: Vigil, *more: object) -> list[str]:
    """The lines of the journal that tell of an act."""
    return [line for line in vigil("journal", *more).out.splitlines() if "shell" in line]


def test_every_privileged_act_of_the_shell_stands_in_the_journal(vigil: Vigil, tmp_path: Path) -> None:
    assert "Nothing has been done" in vigil("journal").out
    mended = tmp_path / "week.txt"
    text = WEEK.read_text("utf-8")
    mended.write_text(text.replace(longest := max(text.splitlines(), key=len), f"{longest} Pray for rest."), "utf-8")
    for words in (
        ("bulletin", "load", WEEK, "--date", yesterday(), "--draft"),
        ("bulletin", "load", WEEK, "--date", yesterday()),
        ("plan", "swap", "latin", "global"),
        ("plan", "hold", "south asia"),
        ("bulletin", "load", mended, "--date", yesterday(), "--correct"),
        ("bulletin", "load", mended, "--date", yesterday(), "--correct", "--yes"),
        ("bulletin", "load", WEEK, "--date", yesterday()),
        ("retract", "--yes", 7),
    ):
        vigil(*words)
    told = [line.replace("│", " ").split("shell")[1].split()[0] for line in acts(vigil)]
    assert told == ["load", "publish", "swap", "swap", "hold", "correct", "retract"]
    assert "Latin America, request 7" in acts(vigil)[-1]
    assert acts(vigil, "--last", 2) == acts(vigil)[-2:]
    said = vigil("journal").out
    assert longest not in said and "Pray for rest" not in said


def test_a_decision_names_its_group_and_a_person_is_a_code(vigil: Vigil) -> None:
    key = Key.parse(KEY)

    async def add() -> None:
        engine = make_engine(database_url(os.environ["DATABASE_URL"]))
        store = Store(engine, key)
        group = await add_group(store, title="Harbour [/] prayer", state=GroupState.PENDING, next_due=None)
        async with store.writing() as stored:
            await stored.journal.add(Act.SUSPEND, NOW, AMINA, group_id=group.id)
        await engine.dispose()

    vigil("groups", "list")
    asyncio.run(add())
    vigil("groups", "approve", 1)
    vigil("groups", "approve", 1)
    suspended, approved = (line for line in vigil("journal").out.splitlines() if "Harbour [/] prayer" in line)
    assert person_code(key.person(AMINA)) in suspended and "suspend" in suspended
    assert "shell" in approved and "approve" in approved
    assert str(AMINA) not in vigil("journal").out
