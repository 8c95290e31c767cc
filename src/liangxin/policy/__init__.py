"""The notice as dated data: classes, indicators, forms, bodies, timetable, document styles (``policies/*.yaml``)."""
