"""What may be kept between requests: only what everybody else reads too."""

from __future__ import annotations

from django.db import transaction


def undecided() -> bool:
    """Inside a transaction: what is read now may be rolled back later. True here, not for others, so it is not kept."""
    return bool(transaction.get_connection().in_atomic_block)
