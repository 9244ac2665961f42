"""An index that finds signatures of another scheme without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_signatures_scheme", "signatures", ["scheme", "permutations"], if_not_exists=True)
