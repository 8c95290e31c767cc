"""The site's settings for mypy, whose Django plugin loads the models: no key is made and no data folder."""

import os

from django.apps import AppConfig

os.environ.setdefault("LIANGXIN_SECRET_KEY", "only for checking types")

from liangxin.web.settings import *  # noqa: F403
from liangxin.web.settings import INSTALLED_APPS as APPS


class UnwatchedConfig(AppConfig):
    """The audit without its ``ready``, which gives the models managers that are made while the site starts. They do
    what Django's do and note what was written; the plugin has no name for them."""

    name = "liangxin.web.audit"
    label = "audit"


INSTALLED_APPS = [f"{__name__}.UnwatchedConfig" if each == UnwatchedConfig.name else each for each in APPS]
