"""Settings of the site. Everything an office's IT person may change is an environment variable named here.

LIANGXIN_DATA      folder of the database, uploads and key (default ./liangxin-data)
DATABASE_URL       postgresql://user:password@host:5432/name; without it SQLite in LIANGXIN_DATA
LIANGXIN_HOSTS     host names the site answers to, comma-separated (default: this machine only)
LIANGXIN_HTTPS     1 when the site is reached by https: secure cookies and HSTS
LIANGXIN_PROXIES   addresses or networks of the proxies in front, comma-separated: X-Forwarded-For is believed from them only
LIANGXIN_TILES     tile address for the map, e.g. a Tianditu address with {z}/{x}/{y} and {key}; empty: no tiles
LIANGXIN_TILES_KEY the key put into {key} on the server, never sent to a browser
LIANGXIN_REQUIRE_TOTP  0: those who approve or decide may do so without two-step sign-in (a demo); otherwise they may not
LIANGXIN_IDLE_MINUTES  a session that nobody uses ends after these minutes (default 60)
LIANGXIN_PERSONAL_KEY  the key that encrypts names and telephones; without it a file beside the database
LIANGXIN_TEMPLATES folder of the office's own Word templates of official documents (docs/documents.md)
LIANGXIN_FONTS     folder of the office's fonts for the PDF, beside those of the machine
LIANGXIN_FONT_BODY, _TITLE, _HEADING, _SUBHEADING, _PAGE_NUMBER, _LATIN  their names (default: those of the standard)
LIANGXIN_FONTS_STRICT  1: a font that is not there is an error, no other one is taken
LIANGXIN_OIDC      JSON of an OpenID Connect provider (name, server_url, client_id, secret)
"""

from __future__ import annotations

import json
import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlparse

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("LIANGXIN_DATA", "liangxin-data")).resolve()


def _secret_key() -> str:
    """The key of this site: from the environment, else a file made once beside the database, readable by its owner only."""
    if given := os.environ.get("LIANGXIN_SECRET_KEY"):
        return given
    path = DATA / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        DATA.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(48)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made)
        return made


def _database() -> dict[str, object]:
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "site.sqlite3",
            # IMMEDIATE: a write waits for its turn at BEGIN instead of failing in the middle.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;",
            },
        }
    parts = urlparse(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise RuntimeError(
            "DATABASE_URL: 只支持 postgresql:// 开头的地址 / only postgresql:// addresses are accepted"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a server that was started anew is noticed before a page needs it
    }


def _proxies() -> list[str]:
    given = [each.strip() for each in os.environ.get("LIANGXIN_PROXIES", "").split(",") if each.strip()]
    for each in given:
        try:
            ip_network(each)
        except ValueError as wrong:
            raise RuntimeError(
                f"LIANGXIN_PROXIES: 不是地址或网段 / not an address or a network: {each} ({wrong})"
            ) from None
    return given


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("LIANGXIN_DEBUG") == "1"
ALLOWED_HOSTS = [host for host in os.environ.get("LIANGXIN_HOSTS", "").split(",") if host] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "testserver",
]
HTTPS = os.environ.get("LIANGXIN_HTTPS") == "1"
TRUSTED_PROXIES = _proxies()

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What is counted against somebody must not be pushed out by other counts: the default keeps 300 entries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

INSTALLED_APPS = [
    "liangxin.web.ui",
    "liangxin.web.accounts",
    "liangxin.web.areas",
    "liangxin.web.audit",
    "liangxin.web.units",
    "liangxin.web.policies",
    "liangxin.web.overview",
    "liangxin.web.organizations",
    "liangxin.web.map",
    "liangxin.web.administration",
    "liangxin.web.imports",
    "liangxin.web.plans",
    "liangxin.web.procedures",
    "liangxin.web.holders",
    "liangxin.web.closing",
    "liangxin.web.documents",
    "liangxin.web.api",
    "liangxin.web.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "ninja",
    "django_tasks",
    "django_tasks_db",  # only its table: backups of earlier versions hold it (decision 0140)
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liangxin.web.ui.cookies.CookiesMiddleware",
    "liangxin.web.health.failing.SessionMiddleware",
    "liangxin.web.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "liangxin.web.accounts.idle.IdleMiddleware",
    "liangxin.web.ui.security.ContentPolicyMiddleware",
    "liangxin.web.ui.forms_only.FormsOnlyMiddleware",
    "liangxin.web.health.failing.FailingMiddleware",
    "liangxin.web.ui.gate.GateMiddleware",
]

ROOT_URLCONF = "liangxin.web.urls"
WSGI_APPLICATION = "liangxin.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "ui" / "templates", PACKAGE / "health" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "liangxin.web.ui.templatetags.words",
                "liangxin.web.ui.templatetags.pieces",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liangxin.web.ui.context.site",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "liangxin.web.accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "liangxin.web.accounts.passwords.ContextValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "liangxin.web.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
# Wrong codes of the second step, by person. Wrong passwords are counted by accounts.lock: by name and address, never a whole office.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "login": None}
MFA_FORMS = {
    "authenticate": "liangxin.web.accounts.codes.AuthenticateOnceForm",
    "reauthenticate": "liangxin.web.accounts.codes.ReauthenticateOnceForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "liangxin.web.accounts.sealing.MFAAdapter"
MFA_TOTP_ISSUER = "两新 Liangxin"
SOCIALACCOUNT_PROVIDERS = (
    {"openid_connect": {"APPS": [json.loads(os.environ["LIANGXIN_OIDC"])]}}
    if os.environ.get("LIANGXIN_OIDC")
    else {}
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = DATA / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 60 * 1024 * 1024

REQUIRE_TOTP = os.environ.get("LIANGXIN_REQUIRE_TOTP", "1") != "0"
IDLE_SECONDS = 60 * int(os.environ.get("LIANGXIN_IDLE_MINUTES", "60"))
SESSION_ENGINE = "liangxin.web.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

MEMORY_MB = int(os.environ.get("LIANGXIN_MEMORY_MB", "256"))  # what each process keeps of towns and plans
TILES = os.environ.get("LIANGXIN_TILES", "")
TILES_KEY = os.environ.get("LIANGXIN_TILES_KEY", "")
# Official documents: the office's own templates and fonts.
PAPER_TEMPLATES = Path(given) if (given := os.environ.get("LIANGXIN_TEMPLATES")) else None
PAPER_FONT_FOLDER = Path(given) if (given := os.environ.get("LIANGXIN_FONTS")) else None
PAPER_FONTS = {
    part: os.environ.get(f"LIANGXIN_FONT_{part.upper()}", "")
    for part in ("body", "title", "heading", "subheading", "page_number", "latin")
}
PAPER_FONTS_STRICT = os.environ.get("LIANGXIN_FONTS_STRICT") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # A level on the handler too: the worker sets its own loggers to INFO.
    "filters": {"refusals": {"()": "liangxin.web.refusals.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "WARNING", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
# Jobs wait in the database for the worker that `liangxin serve` starts beside the site. Tests run them at once.
JOBS_AT_ONCE = False
