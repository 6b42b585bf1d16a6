"""Dialogs, updates and files belong to a channel: two messengers may use the same numbers.

All that were stored before came from Telegram.
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEYS = {"dialog": "chat", "arrival": "update_id"}


def upgrade() -> None:
    for name, number in KEYS.items():
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="telegram"))
            table.drop_constraint(f"pk_{name}", type_="primary")
            table.create_primary_key(f"pk_{name}", ["channel", number])
        with op.batch_alter_table(name) as table:
            table.alter_column("channel", server_default=None)
    with op.batch_alter_table("arrival") as table:
        table.alter_column("update_id", existing_type=sa.Integer(), type_=sa.BigInteger())
    with op.batch_alter_table("homework_file") as table:
        table.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="telegram"))
    with op.batch_alter_table("homework_file") as table:
        table.alter_column("channel", server_default=None)
    for file_place in FILES:
        _change_json(*file_place)


def _change_json(name: str, column: str, word: str, change: Callable[[Any], bool]) -> None:
    """Changes the rows of a JSON column that hold a word; `change` works in place and is true where it did anything."""
    table = sa.table(name, sa.column("id" if name != "dialog" else "chat"), sa.column(column, sa.JSON()))
    key = next(iter(table.c))
    connection = op.get_bind()
    words = sa.cast(table.c[column], sa.Text())
    rows = connection.execute(sa.select(key, words).where(words.like(f"%{word}%")))
    for number, text in rows.all():
        if change(value := json.loads(text)):
            connection.execute(sa.update(table).where(key == number).values({column: value}))


def _in_broadcast(file: dict[str, Any] | None) -> bool:
    if file:
        file["channel"] = "telegram"
    return bool(file)


def _in_notice(notice: list[Any]) -> bool:
    facts = notice[1]
    has_file = bool(facts.get("file_reference"))
    if has_file:
        facts["file_channel"] = "telegram"
    return has_file


def _in_draft(draft: dict[str, Any]) -> bool:
    file = draft.get("file")
    if file:
        file.append("telegram")
    return bool(file)


FILES = (
    ("broadcast", "file", "reference", _in_broadcast),
    ("notice", "notice", "file_reference", _in_notice),
    ("dialog", "draft", "file", _in_draft),
)


def downgrade() -> None:
    with op.batch_alter_table("homework_file") as table:
        table.drop_column("channel")
    with op.batch_alter_table("arrival") as table:
        table.alter_column("update_id", existing_type=sa.BigInteger(), type_=sa.Integer())
    for name, number in KEYS.items():
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"pk_{name}", type_="primary")
            table.drop_column("channel")
            table.create_primary_key(f"pk_{name}", [number])
