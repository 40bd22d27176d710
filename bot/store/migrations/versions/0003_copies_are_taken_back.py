"""Copies are taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "departures",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_departures")),
    )
    op.create_table(
        "retractions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_retractions_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retractions")),
        sa.UniqueConstraint("request_id", name=op.f("uq_retractions_request_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("says", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("writes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_copies_again_at"), ["again_at"], unique=False)
    # Tombstones used to be tried only once: copies of ended posts that may still hold text are written now.
    op.execute(
        "UPDATE copies SET says = 'withdrawn', again_at = CURRENT_TIMESTAMP WHERE "
        "(state = 'revealing' AND post_id IN (SELECT id FROM posts WHERE state IN ('skipped', 'revealed'))) OR "
        "(state IN ('revealing', 'revealed') AND post_id IN (SELECT id FROM posts WHERE state = 'refused'))"
    )


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copies_again_at"))
        batch_op.drop_column("reason")
        batch_op.drop_column("writes")
        batch_op.drop_column("again_at")
        batch_op.drop_column("says")

    op.drop_table("retractions")
    op.drop_table("departures")
