import pytest

from bot.rehearsal.members import Status
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


def test_the_first_admin_owns_the_group(world: World) -> None:
    amina, brian, carla = (world.person(name) for name in ("Amina", "Brian", "Carla"))
    group = world.group("Home", admins=[amina, brian], members=[brian, carla])
    assert [group.member(p).status for p in (amina, brian, carla)] == [
        Status.CREATOR,
        Status.ADMINISTRATOR,
        Status.MEMBER,
    ]
    assert world.owner(group) is amina
    assert world.owner(world.group("Nobody's")).first_name == "Owner of Nobody's"


def test_ids_have_the_form_of_telegrams(world: World) -> None:
    assert world.person("Amina").id > 2**32
    assert -(10**12) < world.group("Small", kind="group").id < -(2**31)
    assert str(world.group("Big").id).startswith("-100")


async def test_message_ids_grow_in_each_supergroup_and_in_common_elsewhere(api: Api, cast: Cast, world: World) -> None:
    groups = [world.group("One"), world.group("Two"), *(world.group(t, kind="group") for t in ("Three", "Four"))]
    for group in groups:
        world.add_bot(group, by=world.owner(group))
    sent = [(await api("sendMessage", chat_id=group.id, text="a"))["message_id"] for group in groups]
    assert sent == [2, 2, 3, 4]


async def test_the_bot_comes_and_goes_with_an_update(api: Api, world: World, cast: Cast) -> None:
    group = world.group("Home", admins=[cast.admin])
    world.add_bot(group, by=cast.admin)
    world.mute_bot(group)
    world.unmute_bot(group)
    world.promote(world.bot, group)
    world.kick_bot(group, by=cast.admin)
    changes = [u["my_chat_member"] for u in await api("getUpdates") if "my_chat_member" in u]
    assert [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes] == [
        ("left", "member"),
        ("member", "restricted"),
        ("restricted", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
    ]
    assert changes[0]["from"]["id"] == cast.admin.id


def test_only_a_supergroup_can_be_public(world: World) -> None:
    with pytest.raises(ValueError, match="upgrade the group first"):
        world.make_public(world.group("Small", kind="group"), "small")


def test_only_a_group_is_upgraded_and_once(world: World) -> None:
    group = world.group("Small", kind="group")
    world.upgrade(group)
    for chat in (group, world.group("Big")):
        with pytest.raises(ValueError, match="only a group can be upgraded"):
            world.upgrade(chat)


def test_only_a_forum_has_topics(world: World) -> None:
    with pytest.raises(ValueError, match="is not a forum"):
        world.topic(world.group("Big"), "Prayer")


def test_an_owner_stays_the_owner(world: World, cast: Cast) -> None:
    world.promote(cast.admin, cast.group, anonymous=True)
    assert cast.group.member(cast.admin).status is Status.CREATOR
