"""Alembic's entry: always given an open connection by `migrating.py`, in whose transaction everything happens."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from bot.store.tables import metadata


def plain_type(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations are history: they name the database's types, never our own, which may change."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
