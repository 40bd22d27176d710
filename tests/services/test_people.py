from datetime import timedelta

from sqlalchemy import select

from bot.domain.act import Act
from bot.services.people import LINK_HOLDS, is_role_token
from bot.store.key import person_code
from bot.store.tables import journal, role_links, roles
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.stored import add_group

OPERATOR, AMINA, BRIAN = OPERATORS[0], 71, 72


async def test_a_link_makes_one_person_an_editor_and_nobody_else(services: Services) -> None:
    people = services.people
    token = await people.invite(OPERATOR)
    assert not await people.is_editor(AMINA)
    assert await people.accept(AMINA, token)
    assert await people.is_editor(AMINA)
    assert not await people.accept(BRIAN, token)
    assert not await people.is_editor(BRIAN)
    assert [each.chat_id for each in await people.editors()] == [AMINA]


async def test_a_link_that_has_expired_gives_nothing(services: Services, clock: StandingClock) -> None:
    token = await services.people.invite(OPERATOR)
    clock.advance(seconds=LINK_HOLDS.total_seconds())
    assert not await services.people.accept(AMINA, token)
    await services.retiring.sweep()
    async with services.store.engine.connect() as connection:
        assert (await connection.execute(select(role_links))).all() == []


async def test_forged_and_damaged_tokens_give_nothing(services: Services) -> None:
    token = await services.people.invite(OPERATOR)
    group = await add_group(services.store)
    for forged in ("", "role-", token[:-1], f"{token}=", token.swapcase(), services.store.key.group_token(group.id)):
        assert not await services.people.accept(AMINA, forged)
    assert await services.people.accept(AMINA, token)
    assert is_role_token(token)
    assert not is_role_token(services.store.key.group_token(group.id))


async def test_who_is_an_editor_already_leaves_the_link_to_another(services: Services) -> None:
    token = await services.people.invite(OPERATOR)
    assert await services.people.accept(OPERATORS[1], token)
    assert await services.people.accept(AMINA, token)
    again = await services.people.invite(OPERATOR)
    assert await services.people.accept(AMINA, again)
    assert await services.people.accept(BRIAN, again)


async def test_operators_are_editors_and_a_former_editor_is_none(services: Services) -> None:
    people = services.people
    assert await people.is_editor(OPERATOR)
    await people.accept(AMINA, await people.invite(OPERATOR))
    (editor,) = await people.editors()
    assert await people.remove("00000000", OPERATOR) is None
    assert await people.remove(editor.code, OPERATOR) == editor
    assert not await people.is_editor(AMINA)
    assert await people.remove(editor.code, OPERATOR) is None


async def test_neither_the_person_nor_the_token_stands_in_the_tables(services: Services) -> None:
    token = await services.people.invite(OPERATOR)
    unused = await services.people.invite(OPERATOR)
    await services.people.accept(AMINA, token)
    async with services.store.engine.connect() as connection:
        stored = [
            repr(row) for table in (roles, role_links, journal) for row in await connection.execute(select(table))
        ]
    assert len(stored) == 1 + 1 + 3
    for secret in (token, unused, str(AMINA), str(OPERATOR)):
        assert not any(secret in row for row in stored)


async def test_what_is_done_with_roles_stands_in_the_journal(services: Services, clock: StandingClock) -> None:
    people, key = services.people, services.store.key
    await people.accept(AMINA, await people.invite(OPERATOR))
    (editor,) = await people.editors()
    await people.remove(editor.code, OPERATOR)
    async with services.store.reading() as stored:
        entries = await stored.journal.last(10)
    operator = person_code(key.person(OPERATOR))
    assert editor.code == person_code(key.person(AMINA))
    assert [(each.person, each.act, each.other) for each in entries] == [
        (operator, Act.INVITE_EDITOR, None),
        (editor.code, Act.BECOME_EDITOR, None),
        (operator, Act.REMOVE_EDITOR, editor.code),
    ]
    clock.instant += timedelta(days=366)
    await services.retiring.sweep()
    async with services.store.reading() as stored:
        assert len(await stored.journal.last(10)) == 3
    clock.advance(seconds=1)
    await services.retiring.sweep()
    async with services.store.reading() as stored:
        assert await stored.journal.last(10) == []
