"""Every table. What people wrote, and what names a group, is sealed; see `key.py`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from bot.store.columns import Id, Instant, LocalTime, Numbers, Zone

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The ids of the keys that something here is sealed with, so that a wrong key is found before anything is written.
host_keys = Table("host_keys", metadata, Column("id", String(16), primary_key=True))

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("published_on", Date, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("fingerprint", LargeBinary(32), nullable=False, unique=True),
    # Empty once it is put away; the row stays.
    Column("sealed", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bulletin_id", ForeignKey("bulletins.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("region", String(32), nullable=False),
    # Empty once it is taken back or put away; the row stays.
    Column("sealed", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

plan_entries = Table(
    "plan_entries",
    metadata,
    Column("date", Date, primary_key=True),
    Column("request_id", ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("points", Numbers, nullable=False),
    # May name regions and days, never what a request says.
    Column("reason", String(256)),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, unique=True),
    Column("sealed_title", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("told", String(16)),
    Column("zone", Zone, nullable=False),
    Column("at", LocalTime, nullable=False),
    Column("weekdays", Numbers, nullable=False),
    Column("next_due_at", Instant, index=True),
    # When Telegram is asked once more who can see the chat, because request text stands there.
    Column("look_at", Instant, index=True),
    # A language's code, like "es"; none is the host's.
    Column("language", String(16)),
    # Where in a forum posts go; none is General, or no forum.
    Column("topic_id", BigInteger),
    Column("silent", Boolean, nullable=False, server_default=false()),
    Column("quiet_day", String(16), nullable=False, server_default="nothing"),
    # Whether it is shown how many prayed.
    Column("numbers", Boolean, nullable=False, server_default=true()),
    Column("paused_until", Date),
    # When the bot was added last, by whom (as `Key.person` makes it), and how often the operators were asked that day.
    Column("added_at", Instant),
    Column("added_by", LargeBinary(32)),
    Column("asks", Integer, nullable=False, server_default="0"),
    # When the bot was removed.
    Column("gone_at", Instant),
    # The keys of what was bad at the last checkup, as "adding,timer"; none before the first.
    Column("findings", String(128)),
    # Who agreed to the covenant still waits for an admin's word.
    Column("asks_admin", Boolean, nullable=False, server_default=true()),
    sqlite_autoincrement=True,
)

posts = Table(
    "posts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    # The plan may be made anew and a request's text deleted; the post stays in the ledger.
    Column("request_id", ForeignKey("requests.id", ondelete="SET NULL"), index=True),
    Column("points", Numbers, nullable=False),
    Column("local_date", Date),
    Column("due_at", Instant, nullable=False),
    # Where in a forum it goes, fixed when it is made.
    Column("topic_id", BigInteger),
    Column("state", String(16), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("reason", String(64)),
    Column("not_before", Instant),
    Column("prayed", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("key_id", ForeignKey("host_keys.id"), nullable=False),
    # What makes a second post for one local date impossible. Answers have no date; NULLs are never equal.
    UniqueConstraint("group_id", "local_date"),
    sqlite_autoincrement=True,
)

copies = Table(
    "copies",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    # What it must say, since when, when it is written next, and how often it was.
    Column("says", String(16)),
    Column("since", Instant),
    Column("again_at", Instant, index=True),
    Column("writes", Integer, nullable=False, server_default="0"),
    # Why it can't be reached.
    Column("reason", String(64)),
    UniqueConstraint("chat_id", "message_id"),
)

# What was taken back, why, and the message that tells whoever did it how far that is.
retractions = Table(
    "retractions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("request_id", ForeignKey("requests.id"), nullable=False, unique=True),
    Column("reason", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    # Where the receipt goes, None where nobody is to be told; it is edited until nothing more will change.
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("shown", String(64)),
    Column("finished", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

# Chats that the bot has still to leave.
departures = Table(
    "departures",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("again_at", Instant, nullable=False),
)

# The bot's own chatter in a group, to be removed then, or once set-up is done. Never a copy.
passing = Table(
    "passing",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("remove_at", Instant, index=True),
)

# No time, no member: only what `Key.mark` makes of both.
marks = Table(
    "marks",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("mark", LargeBinary(32), primary_key=True),
)

# Which group a person's direct chat belongs to; the person as `Key.person` makes it.
bindings = Table(
    "bindings",
    metadata,
    Column("person", LargeBinary(32), primary_key=True),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True),
)

# Who may do more than the settings say: the person as `Key.person` makes it, and the direct chat to write to.
roles = Table(
    "roles",
    metadata,
    Column("person", LargeBinary(32), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("sealed_chat", LargeBinary, nullable=False),
    Column("since", Date, nullable=False),
)

# Links that give a role to whoever opens them first: of each only its token's hash.
role_links = Table(
    "role_links",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# Privileged acts, without a word of what people wrote. No person: it was done in a shell. The other: whom it concerned.
journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person", LargeBinary(32)),
    Column("act", String(16), nullable=False),
    Column("group_id", ForeignKey("groups.id", ondelete="SET NULL"), index=True),
    Column("request_id", ForeignKey("requests.id", ondelete="SET NULL"), index=True),
    Column("other", LargeBinary(32)),
    sqlite_autoincrement=True,
)

# What was answered in a group lately, by a fingerprint of the words; without a message while it is on its way.
replies = Table(
    "replies",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("said", LargeBinary(32), primary_key=True),
    Column("message_id", BigInteger),
    Column("at", Instant, nullable=False),
)

# Who wants a quiet word at a local time of the group, and where: the direct chat's id is the person's, so it is sealed.
reminders = Table(
    "reminders",
    metadata,
    Column("person", LargeBinary(32), primary_key=True),
    Column("sealed_chat", LargeBinary, nullable=False),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", LocalTime, nullable=False),
    Column("next_at", Instant, nullable=False, index=True),
    # The last local date with a reminder: it never gets a second one.
    Column("reminded_on", Date),
)

# What the operators are told, each once. `about` makes it one; no request text ever stands in it.
notices = Table(
    "notices",
    metadata,
    Column("about", String(128), primary_key=True),
    Column("text_key", String(64), nullable=False),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), index=True),
    Column("detail", String(64)),
    Column("told", Boolean, nullable=False),
)

# The bot's own links into groups, and how many came by each: never who.
invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    Column("sealed_link", LargeBinary, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("revoked", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
# What makes a second live link of a group impossible.
Index(
    "uq_invites_live",
    invites.c.group_id,
    unique=True,
    sqlite_where=~invites.c.revoked,
    postgresql_where=~invites.c.revoked,
)

# Groups in which somebody has joined, and when all who did by then are greeted.
greetings = Table(
    "greetings",
    metadata,
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
)

# One row: who is at work where several nodes run. Its number is a key, so that a lock on it bears with renewals.
lease = Table(
    "lease",
    metadata,
    Column("fence", BigInteger, primary_key=True, autoincrement=False),
    Column("holder", String(128), nullable=False),
    Column("expires_at", Instant, nullable=False),
)
