"""Plan entries have a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=256), nullable=True))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.drop_column("reason")
