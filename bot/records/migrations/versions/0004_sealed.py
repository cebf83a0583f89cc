"""what may say something of a patient is sealed, also what is there already"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.records.sealing import Sealed, sealer_of

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BATCH = 500
SEALED = {
    'conversations': ('id', ('history',)),
    'contacts': ('conversation_id', ('address',)),
    'messages': ('id', ('text', 'buttons', 'understanding', 'assessment', 'intents')),
    'photos': ('id', ('source_url',)),
    'cases': ('id', ('rules',)),
    'notes': ('id', ('text',)),
    'staff': ('id', ('totp_secret',)),
}
WERE = {
    ('conversations', 'history'): sa.JSON(),
    ('contacts', 'address'): sa.String(length=32),
    ('messages', 'buttons'): sa.JSON(),
    ('messages', 'understanding'): sa.JSON(),
    ('messages', 'assessment'): sa.JSON(),
    ('messages', 'intents'): sa.JSON(),
    ('cases', 'rules'): sa.JSON(),
}
"""The columns that were no text."""


def upgrade() -> None:
    for table in {table for table, _ in WERE}:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for (of, column), was in WERE.items():
                if of == table:
                    batch_op.alter_column(column, existing_type=was, type_=sa.Text(), postgresql_using=f'{column}::text')
    for table, (key, columns) in SEALED.items():
        _seal(op.get_bind(), table, key, columns)
    seals = op.create_table('seals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('word', Sealed(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seals'))
    )
    op.bulk_insert(seals, [{'id': 1, 'word': 'the right key opens this'}])


def _seal(connection: sa.Connection, name: str, key: str, columns: tuple[str, ...]) -> None:
    sealer = sealer_of(connection.dialect)
    table = sa.table(name, sa.column(key, sa.Uuid()), *(sa.column(column, sa.Text()) for column in columns))
    ids = list(connection.scalars(sa.select(table.c[key])))
    for start in range(0, len(ids), BATCH):
        for row in connection.execute(sa.select(table).where(table.c[key].in_(ids[start:start + BATCH]))).mappings().all():
            sealed = {column: sealer.seal(row[column].encode()).decode('ascii') for column in columns if row[column] is not None}
            if sealed:
                connection.execute(sa.update(table).where(table.c[key] == row[key]).values(sealed))


def downgrade() -> None:
    raise NotImplementedError("the words would be readable on disk again: put a backup back instead")
