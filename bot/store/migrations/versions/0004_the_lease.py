"""The lease."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "lease",
        sa.Column("fence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fence", name=op.f("pk_lease")),
    )
    # The one row, long expired: whoever comes first takes it.
    op.execute("INSERT INTO lease (fence, holder, expires_at) VALUES (0, '', '2000-01-01 00:00:00+00:00')")


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("lease")
