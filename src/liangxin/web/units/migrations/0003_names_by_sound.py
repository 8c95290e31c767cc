from typing import Any

from django.db import migrations, models

from liangxin.registry.pinyin import search_keys


def fill(apps: Any, schema_editor: Any) -> None:
    """Keys of the units that are there: they held initials only."""
    unit = apps.get_model("units", "Unit")
    batch = []
    for each in unit.objects.only("pk", "name", "initials").iterator(chunk_size=2000):
        each.initials = search_keys(each.name or "")
        batch.append(each)
        if len(batch) == 1000:
            unit.objects.bulk_update(batch, ["initials"], batch_size=200)
            batch = []
    unit.objects.bulk_update(batch, ["initials"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0002_saved_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="unit",
            name="initials",
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
