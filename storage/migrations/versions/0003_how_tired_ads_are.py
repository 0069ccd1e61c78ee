"""how tired ads are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "ad_day_blocks",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ads", sa.Text(), nullable=False),
        sa.Column("creatives", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "day", name=op.f("pk_ad_day_blocks")),
    )
    op.create_table(
        "fatigue_readings",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("ad_id", sa.String(length=32), nullable=False),
        sa.Column("adset_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("classic_status", sa.String(length=24), nullable=False),
        sa.Column("evidence_status", sa.String(length=24), nullable=False),
        sa.Column("classic", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("lookalikes", sa.Text(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "ad_id", name=op.f("pk_fatigue_readings")),
    )
    with op.batch_alter_table("fatigue_readings", schema=None) as batch_op:
        batch_op.create_index("ix_fatigue_readings_age", ["day"], unique=False)

    op.create_table(
        "meta_signals",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "account_id", "object_id", "source", name=op.f("pk_meta_signals")
        ),
    )
    with op.batch_alter_table("meta_signals", schema=None) as batch_op:
        batch_op.create_index("ix_meta_signals_age", ["at"], unique=False)

    op.create_table(
        "object_changes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "account_id", "object_id", "what", "at", name=op.f("pk_object_changes")
        ),
    )
    with op.batch_alter_table("object_changes", schema=None) as batch_op:
        batch_op.create_index("ix_object_changes_age", ["at"], unique=False)

    with op.batch_alter_table("ads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("ads", schema=None) as batch_op:
        batch_op.drop_column("created_at")

    with op.batch_alter_table("object_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_object_changes_age")

    op.drop_table("object_changes")
    with op.batch_alter_table("meta_signals", schema=None) as batch_op:
        batch_op.drop_index("ix_meta_signals_age")

    op.drop_table("meta_signals")
    with op.batch_alter_table("fatigue_readings", schema=None) as batch_op:
        batch_op.drop_index("ix_fatigue_readings_age")

    op.drop_table("fatigue_readings")
    op.drop_table("ad_day_blocks")
