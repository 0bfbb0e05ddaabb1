"""Links that open an account or change it, mails that wait to be sent, and what an account says of its person"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("name", sa.String(100), nullable=True))
    op.add_column("users", sa.Column("waits", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("last_sign_in", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_links",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("email", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(20), nullable=True),
        sa.Column("buildings", sa.Text(), nullable=True),
        sa.Column("tenants", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(5), nullable=True),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_links_user_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_account_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_account_links_secret_hash")),
    )
    op.create_index("idx_account_links_user_id", "account_links", ["user_id"])
    op.create_table(
        "waiting_mails",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("email", sa.String(100), nullable=False),
        sa.Column("link", sa.String(16), nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("kind", "email", name=op.f("pk_waiting_mails")),
    )


def downgrade() -> None:
    op.drop_table("waiting_mails")
    op.drop_table("account_links")
    for name in ("deleted_at", "last_sign_in", "waits", "name"):
        op.drop_column("users", name)
