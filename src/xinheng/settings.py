"""Every setting of a deployment, read once from the environment.

Nothing in the house imports this module (an import contract says so): rooms read ``django.conf.settings``. The command
line calls `xinheng.start` first, which sets the environment for an embedded server.
"""

from __future__ import annotations

import os
from pathlib import Path

from xinheng.law.loader import load
from xinheng.machine import database, keys, mode, oidc
from xinheng.machine import home as machine_home

XINHENG_MODE = mode.mode()
XINHENG_HOME = machine_home.home()
PACKAGE = Path(__file__).resolve().parent

# The law
XINHENG_LAWPACKS = machine_home.lawpacks()
XINHENG_LAW = machine_home.default_law()

# Keys: outside the database, files readable by the service user only; production refuses demo keys
if XINHENG_MODE is mode.Mode.PRODUCTION:
    keys.refuse_demo_keys()
XINHENG_DATA_KEYS = keys.data_keys()
XINHENG_LEDGER_KEY = keys.ledger_key()
XINHENG_CRYPTO_SUITE = os.environ.get("XINHENG_CRYPTO_SUITE", "aes256gcm-sha256")
SECRET_KEY = keys.secret_key().value

# The ledger
_PACK_NAME = load(XINHENG_LAW, root=XINHENG_LAWPACKS).id  # as the database is named; a folder may have any name
XINHENG_LEDGER_ORIGIN = XINHENG_LEDGER_KEY.origin(_PACK_NAME)
XINHENG_CHECKPOINT_DIR = [
    Path(part)
    for part in (os.environ.get("XINHENG_CHECKPOINT_DIR") or str(XINHENG_HOME / "checkpoints" / _PACK_NAME)).split(
        os.pathsep
    )
]
XINHENG_SEAL_SECONDS = int(os.environ.get("XINHENG_SEAL_SECONDS", "10"))

# Limits said in refusals
XINHENG_MAX_UPLOAD_MB = int(os.environ.get("XINHENG_MAX_UPLOAD_MB", "1024"))
XINHENG_SCAN_COMMAND = os.environ.get("XINHENG_SCAN_COMMAND", "")
XINHENG_MAX_CELLS = int(os.environ.get("XINHENG_MAX_CELLS", "10000000"))


def _database(url: str) -> dict[str, object]:
    """A Django database entry from the address of a database."""
    return {
        "ENGINE": "xinheng.store.postgresql",
        **database.django(url),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }


_APP_URL = os.environ.get("XINHENG_DATABASE_URL") or "postgresql://xinheng_app@/xinheng"
_OWNER_URL = os.environ.get("XINHENG_OWNER_DATABASE_URL")
DATABASES = {"default": _database(_APP_URL)}
if _OWNER_URL:
    # Used by migrate and the grants only; a serving process is started without it.
    DATABASES["owner"] = _database(_OWNER_URL)
    DATABASES["owner"]["CONN_MAX_AGE"] = 0
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "xinheng.store",
    "xinheng.ui",
    "xinheng.ledger",
    "xinheng.accounts",
    "xinheng.subjects",
    "xinheng.casework",
    "xinheng.norms",
    "xinheng.catalog",
    "xinheng.intake",
    "xinheng.records",
    "xinheng.disclosure",
    "xinheng.oversight",
    "xinheng.portal",
    "xinheng.desk",
    "xinheng.wiring.WiringConfig",
]

MIDDLEWARE = [
    "xinheng.ui.middleware.SecurityHeaders",
    "xinheng.disclosure.express.Express",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xinheng.accounts.access.SignedIn",
    "xinheng.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "xinheng.ui.middleware.Bounds",  # before anything that reads a body
    "django.middleware.csrf.CsrfViewMiddleware",
    "xinheng.ui.middleware.Errors",
]

ROOT_URLCONF = "xinheng.urls"
WSGI_APPLICATION = "xinheng.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "xinheng.ui.context.city",
            ],
            "builtins": ["django.templatetags.i18n", "xinheng.ui.templatetags.xinheng"],
        },
    }
]

# Sign-in
AUTH_USER_MODEL = "accounts.Account"
SESSION_ENGINE = "xinheng.accounts.access"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "xinheng.accounts.services.password.NotFamiliar"},
]
XINHENG_TOTP = mode.second_step()
_OIDC = oidc.provider()
XINHENG_OIDC_ISSUER = _OIDC.issuer
XINHENG_OIDC_CLIENT = _OIDC.client
XINHENG_OIDC_SECRET = _OIDC.secret
XINHENG_OIDC_SCOPE = _OIDC.scope
XINHENG_OIDC_LEVELS = _OIDC.levels
XINHENG_OIDC_CLAIMS = _OIDC.claims
XINHENG_PROXIES = frozenset(os.environ.get("XINHENG_PROXIES", "127.0.0.1,::1").split(","))
LOGIN_URL = "accounts:sign_in"
SESSION_COOKIE_NAME = "xinheng_session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "xinheng_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "xinheng.ui.views.csrf_failure"

# Words and dates
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "xinheng_language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Static files: hashed names, served with long caching
STATIC_URL = "/static/"
STATIC_ROOT = None if XINHENG_MODE is mode.Mode.TEST else XINHENG_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if XINHENG_MODE is mode.Mode.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = XINHENG_MODE is mode.Mode.TEST

# Security
ALLOWED_HOSTS = [h for h in os.environ.get("XINHENG_ALLOWED_HOSTS", "").split(",") if h] or (
    ["127.0.0.1", "localhost", "[::1]", "testserver"] if XINHENG_MODE is not mode.Mode.PRODUCTION else []
)

DEBUG = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []
if XINHENG_MODE is mode.Mode.PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Both repeat the address of every request that is refused, and a visitor may have put a person's number there.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "authlib": {"level": "WARNING"},  # its debug lines hold the tokens that are given out
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("XINHENG_LOG_LEVEL", "WARNING")},
}
