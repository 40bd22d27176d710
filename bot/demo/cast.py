"""A group of the script, come to life on the stage."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.script import Place
from bot.demo.speeches import has_prayer_button
from bot.demo.stage import Stage
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person


@dataclass(frozen=True, slots=True)
class Group:
    """A private group without the bot yet, and its people by name."""

    stage: Stage
    place: Place
    zone: ZoneInfo
    chat: Chat
    people: dict[str, Person]

    @classmethod
    def of(cls, place: Place, stage: Stage) -> "Group":
        """Make the people and their group."""
        people = {name: stage.world.person(name) for name in (place.admin, *place.members)}
        members = [people[name] for name in place.members]
        chat = stage.world.group(place.title, members=members, admins=[people[place.admin]])
        return cls(stage, place, ZoneInfo(place.zone), chat, people)

    @property
    def admin(self) -> Person:
        """Who owns the group."""
        return self.people[self.place.admin]

    @property
    def local(self) -> datetime:
        """What the group's own clock shows."""
        return self.stage.clock.now().astimezone(self.zone)

    @property
    def newest_post(self) -> Message | None:
        """The message under which its members pray."""
        posts = [message for message in self.stage.world.record.by_bot(self.chat) if has_prayer_button(message)]
        return posts[-1] if posts else None
