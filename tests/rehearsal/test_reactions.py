import pytest
from telegram.constants import ReactionEmoji

from bot.rehearsal.messages import Message
from bot.rehearsal.reactions import EMOJI
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


@pytest.fixture
async def post(api: Api, cast: Cast, world: World) -> Message:
    """A post of an admin bot that hears of reactions."""
    world.promote(world.bot, cast.group)
    await api("getUpdates", offset=-1, allowed_updates=["message", "message_reaction"])
    world.updates.clear()
    await api("sendMessage", chat_id=cast.group.id, text="a")
    return world.record.by_bot()[-1]


def test_the_emoji_are_telegrams() -> None:
    assert {emoji.value for emoji in ReactionEmoji} == EMOJI


async def test_a_reaction_is_told_with_what_stood_before(api: Api, cast: Cast, world: World, post: Message) -> None:
    world.react(cast.member, post)
    world.react(cast.member, post, "👍")
    world.react(cast.member, post, "👍")
    world.unreact(cast.member, post)
    changes = [update["message_reaction"] for update in await api("getUpdates")]
    pray, like = {"type": "emoji", "emoji": "🙏"}, {"type": "emoji", "emoji": "👍"}
    assert [(change["old_reaction"], change["new_reaction"]) for change in changes] == [
        ([], [pray]),
        ([pray], [like]),
        ([like], []),
    ]
    assert {(c["chat"]["id"], c["message_id"], c["user"]["id"]) for c in changes} == {
        (cast.group.id, post.id, cast.member.id)
    }


async def test_an_anonymous_admin_reacts_in_the_groups_name(api: Api, cast: Cast, world: World, post: Message) -> None:
    world.promote(cast.admin, cast.group, anonymous=True)
    world.react(cast.admin, post)
    (update,) = await api("getUpdates")
    assert update["message_reaction"]["actor_chat"]["id"] == cast.group.id
    assert "user" not in update["message_reaction"]


async def test_reactions_are_told_only_to_an_admin_that_asked_for_them(
    api: Api, cast: Cast, world: World, post: Message
) -> None:
    world.demote(world.bot, cast.group)
    world.react(cast.member, post)
    world.promote(world.bot, cast.group)
    await api("getUpdates", allowed_updates=[])
    world.unreact(cast.member, post)
    assert await api("getUpdates") == []


async def test_what_nobody_can_react_is_a_mistake(cast: Cast, world: World, post: Message) -> None:
    with pytest.raises(ValueError, match="has no reaction 🕯"):
        world.react(cast.member, post, "🕯")
    with pytest.raises(ValueError, match="can't react"):
        world.react(cast.stranger, post)
    with pytest.raises(ValueError, match="has no reaction under"):
        world.unreact(cast.member, post)
    world.delete(post)
    with pytest.raises(ValueError, match="can't react"):
        world.react(cast.member, post)
