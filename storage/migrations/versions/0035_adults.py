"""The day on which a person comes of age, and e-documents that families sent in place of signed forms."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ADULT = 18
_PERSON = sa.table(
    "person", sa.column("id", sa.Integer), sa.column("birth_date", sa.Date), sa.column("adult_on", sa.Date)
)


def upgrade() -> None:
    op.add_column("person", sa.Column("adult_on", sa.Date(), nullable=True))
    connection = op.get_bind()
    born = connection.execute(sa.select(_PERSON.c.id, _PERSON.c.birth_date).where(_PERSON.c.birth_date.is_not(None)))
    rows = [{"person": person, "grown": _adult_from(birth_date)} for person, birth_date in born]
    if rows:
        grown = sa.update(_PERSON).where(_PERSON.c.id == sa.bindparam("person")).values(adult_on=sa.bindparam("grown"))
        connection.execute(grown, rows)

    op.add_column("issued_form", sa.Column("reference", sa.String(), nullable=True))
    op.add_column("issued_form", sa.Column("sha256", sa.String(), nullable=True))


def _adult_from(born: date) -> date:
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return date(born.year + ADULT, 3, 1)


def downgrade() -> None:
    op.drop_column("issued_form", "sha256")
    op.drop_column("issued_form", "reference")
    op.drop_column("person", "adult_on")
