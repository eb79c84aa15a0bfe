"""How generated requests send a spreadsheet: as the bytes they are."""

from __future__ import annotations

import schemathesis
from schemathesis import SerializationContext

from app.exchange import Format


@schemathesis.serializer(Format.XLSX.media_type)
def as_bytes(ctx: SerializationContext, value: object) -> bytes:
    """Generated content is bytes or text."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
