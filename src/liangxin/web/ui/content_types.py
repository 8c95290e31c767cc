"""What kind of content a file is, by how its name ends."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

CONTENT_TYPES: Final = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
        "json": "application/json",
        "geojson": "application/geo+json",
        "pdf": "application/pdf",
        "svg": "image/svg+xml",
        "zip": "application/zip",
    }
)
