"""A file that is handed over: its kind, its name, and that nobody on the way keeps it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

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
        "yaml": "application/yaml; charset=utf-8",
        "zip": "application/zip",
    }
)
"""By how the name of a file ends."""


def attachment(content: bytes, ending: str, name: str) -> HttpResponse:
    """The file as an answer. ``name``: as it is saved, any script."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response
