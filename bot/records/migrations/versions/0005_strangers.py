"""names that nobody has are locked like accounts, by all gateways together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.records import models

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('strangers',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', models.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strangers'))
    )
    with op.batch_alter_table('strangers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strangers_locked_until'), ['locked_until'], unique=False)
