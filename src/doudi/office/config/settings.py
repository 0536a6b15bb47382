"""Django's settings. What differs between installations comes from the environment and nothing else does."""

import os
from pathlib import Path

from doudi.office.config.database import databases

BASE_DIR = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("DOUDI_HOME") or "var").absolute()
DEMO = os.environ.get("DOUDI_DEMO") == "1"
PRODUCTION = os.environ.get("DOUDI_PRODUCTION") == "1"

DEBUG = False
SECRET_KEY = os.environ.get("DOUDI_SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("DOUDI_HOSTS", "127.0.0.1,localhost").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "doudi.office.audit",
    "doudi.office.ui",
    "doudi.office.divisions",
    "doudi.office.accounts",
    "doudi.office.exchange",
    "doudi.office.registry",
    "doudi.office.monitoring",
    "doudi.office.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "doudi.office.accounts.middleware.ScopedRequest",  # innermost: one transaction a request, under the viewer's scope
]
ROOT_URLCONF = "doudi.office.config.urls"
WSGI_APPLICATION = "doudi.office.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],  # pages lie in each office's templates/, components in ui/components
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "doudi.office.ui.chrome.chrome",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "doudi.office.ui.loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "doudi.office.ui.templatetags.office"],
        },
    }
]

DATABASES = databases(HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who logs in. These are the platform's own settings, not the law's.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["doudi.office.accounts.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/login"
DOUDI_SECOND_FACTOR = not DEMO
DOUDI_LOCK_AFTER = 5  # failures in a row
DOUDI_LOCK_MINUTES = 30
DOUDI_IDLE_MINUTES = 30
DOUDI_PASSWORD_LENGTH = 10
DOUDI_PASSWORD_DAYS = 90  # 0 = a password never grows old
DOUDI_PASSWORD_HISTORY = 5

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # built files lie in ui/static, named by their content and compressed: nothing to collect
WHITENOISE_IMMUTABLE_FILE_TEST = r"/ui/build/.+-[0-9a-f]{10}\."

# The pages' frame.
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, never the page around it
MESSAGE_TAGS = {10: "neutral", 20: "working", 25: "good", 30: "warn", 40: "bad"}
OFFICE_NAVIGATION = "doudi.office.config.navigation.ENTRIES"
OFFICE_PLACES = "doudi.office.divisions.selectors.names"
