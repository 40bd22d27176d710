"""The topics of forums."""

from typing import Any

from bot.rehearsal.chats import Chat, Topic
from bot.rehearsal.groups import Groups


class Topics(Groups):
    """What admins do with topics. None stands for General, which has no id of its own."""

    def topic(self, chat: Chat, name: str) -> Topic:
        """Opens a topic in a forum."""
        if not chat.forum:
            raise ValueError(f"{chat.title} is not a forum")
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.post(chat, self.owner(chat), service=created, in_topic=True)
        message.thread_id = message.id
        self.announce(message)
        chat.topics[message.id] = Topic(message.id, name)
        return chat.topics[message.id]

    def close_topic(self, chat: Chat, topic: Topic | None = None) -> None:
        """Closes a topic to all but admins who manage topics."""
        self._set_closed(chat, topic, closed=True)

    def reopen_topic(self, chat: Chat, topic: Topic | None = None) -> None:
        """Opens it again."""
        self._set_closed(chat, topic, closed=False)

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Deletes a topic with all that was said in it. No update tells the bot."""
        del chat.topics[topic.id]
        for message in self.standing(chat):
            if message.in_topic and message.thread_id == topic.id:
                self.delete(message)

    def _set_closed(self, chat: Chat, topic: Topic | None, *, closed: bool) -> None:
        if topic:
            topic.closed = closed
        else:
            chat.general_closed = closed
        told: dict[str, Any] = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        self.service(chat, self.owner(chat), thread_id=topic.id if topic else None, in_topic=bool(topic), **told)
