"""Secrets of two-step sign-in are sealed, keys of open sessions become their hashes: nobody has to do anything anew."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from liangxin.web.accounts.sealing import PREFIX, changed, seal
from liangxin.web.accounts.sessions import MARK, stored


def carry(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    if connection.vendor == "sqlite":  # what is written over is wiped, not only given back
        connection.cursor().execute("PRAGMA secure_delete = ON")
    for row in apps.get_model("mfa", "Authenticator").objects.all():
        row.data = changed(row.data, lambda words: words if words.startswith(PREFIX) else seal(words))
        row.save(update_fields=["data"])
    for app, name in (("sessions", "Session"), ("usersessions", "UserSession")):
        model = apps.get_model(app, name)
        for key in list(
            model.objects.exclude(session_key__startswith=MARK).values_list("session_key", flat=True)
        ):
            model.objects.filter(session_key=key).update(session_key=stored(key))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("mfa", "0001_initial"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
