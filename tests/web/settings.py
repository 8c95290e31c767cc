"""The site's settings under test: a data folder of its own, jobs at once, quick password hashing."""

import os
import tempfile
from pathlib import Path

os.environ["LIANGXIN_DATA"] = tempfile.mkdtemp(prefix="liangxin-test-")
os.environ.pop("DATABASE_URL", None)
if "LIANGXIN_TEST_DATABASE_URL" in os.environ:  # the same tests on PostgreSQL: tests/web/test_postgres.py
    os.environ["DATABASE_URL"] = os.environ["LIANGXIN_TEST_DATABASE_URL"]
os.environ["LIANGXIN_SECRET_KEY"] = "only for tests"
os.environ["LIANGXIN_REQUIRE_TOTP"] = "0"  # tests/web/test_security.py turns it on

from liangxin.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
JOBS_AT_ONCE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir()  # noqa: F405  # empty: the finders serve
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as a site has: in memory the server's threads share one cache, where a reader that meets a writer is refused at once.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["LIANGXIN_DATA"]) / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
