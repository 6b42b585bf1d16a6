"""Moments of closing that SQLite kept with a blank sorted before every due time of their UTC day."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WRONG = sa.text("SELECT id, closed_at FROM obligation WHERE closed_at LIKE '% %'")
_RIGHT = sa.text("UPDATE obligation SET closed_at = :at WHERE id = :id")


def upgrade() -> None:
    """PostgreSQL has a type of its own for moments, so nothing is wrong there."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    rows = [{"id": id_, "at": _moment(text)} for id_, text in connection.execute(_WRONG)]
    if rows:
        connection.execute(_RIGHT, rows)


def _moment(text: str) -> str:
    """In the form of `storage.database.types.MomentType`; a moment without a zone is UTC."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def downgrade() -> None:
    """The right form was always read too."""
