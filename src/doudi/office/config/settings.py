"""Django's settings. What differs between installations comes from the environment and nothing else does."""

from pathlib import Path

from doudi.office.config.database import databases
from doudi.office.config.environment import given, number, said
from doudi.office.config.logs import LOGGING as LOGGING
from doudi.office.config.secret import secret_key

BASE_DIR = Path(__file__).resolve().parents[1]
HOME = Path(given("DOUDI_HOME", "var")).absolute()
DEMO = said("DOUDI_DEMO")
PRODUCTION = said("DOUDI_PRODUCTION")

DEBUG = False
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = [host for host in given("DOUDI_HOSTS", "127.0.0.1,localhost").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "oauth2_provider",
    "doudi.office.audit",
    "doudi.office.ui",
    "doudi.office.divisions",
    "doudi.office.accounts",
    "doudi.office.documents",
    "doudi.office.messages",
    "doudi.office.exchange",
    "doudi.office.registry",
    "doudi.office.monitoring",
    "doudi.office.oversight",
    "doudi.office.portal",
    "doudi.office.api",
    "doudi.office.config",
]
MIDDLEWARE = [
    "doudi.office.config.headers.SecurityHeaders",  # outermost: what whitenoise serves has them too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages at a fifth of their size. Answers are padded by chance and the form's token is masked, so that their length tells
    # nothing of what stands in them (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "doudi.office.accounts.middleware.ScopedRequest",  # innermost: one transaction a request, under the viewer's scope
]
if DEMO:
    MIDDLEWARE.insert(3, "doudi.office.config.preparing.Preparing")  # after the static files, before any table is read
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
# Against one who tries each account once, or reads the whole register by searching; counted for so many minutes.
DOUDI_THROTTLE_MINUTES = number("DOUDI_THROTTLE_MINUTES", 15, least=1)
DOUDI_LOGIN_FAILURES = number("DOUDI_LOGIN_FAILURES", 30)  # from one network address; 0 = any number, as below
DOUDI_SEARCHES = number("DOUDI_SEARCHES", 200)  # of one person
DOUDI_SEARCHES_ADDRESS = number("DOUDI_SEARCHES_ADDRESS", 2000)  # of all from one network address
DOUDI_IDLE_MINUTES = 30
DOUDI_PASSWORD_LENGTH = 10
DOUDI_PASSWORD_DAYS = 90  # 0 = a password never grows old
DOUDI_PASSWORD_HISTORY = 5

# Sessions lie in the database; how long one may idle is accounts' business.
SESSION_COOKIE_NAME = "doudi_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "doudi_csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page

# Behind the TLS of a proxy on this machine; docs/run/install.md says what the proxy has to do.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"

# A form is small. A file is never put by in plain, where ids and names would lie: exchange seals deliveries as they come,
# any other page takes what fits into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# What lies at the installation's own door; docs/run/install.md has the table.
DOUDI_CITY = number("DOUDI_CITY", 370500000000)  # the root division; the demo city's when nobody says
DOUDI_INBOX = given("DOUDI_INBOX")  # the watched folder; empty = there is none
DOUDI_UPLOAD_DAYS = number("DOUDI_UPLOAD_DAYS", 90)  # for which a refused file is kept; 0 = for ever
DOUDI_UPLOAD_BYTES = number("DOUDI_UPLOAD_BYTES", 1_000_000_000)  # of one file

DOUDI_MONITOR_DAY = given("DOUDI_DEMO_DAY") if DEMO else ""  # the demo city's own day; empty = today
DOUDI_MONITOR_AT = (
    "" if DEMO else given("DOUDI_MONITOR_AT", "02:30")
)  # the nightly run; a demo city's day never changes
DOUDI_MONITOR_COOL_DOWN = number("DOUDI_MONITOR_COOL_DOWN", 120)  # seconds from a delivery to its run
DOUDI_MONITOR_MEMORY = given("DOUDI_MONITOR_MEMORY", "1GB")  # of one run
# The heads of the journal's chain; copies of the file leave the machine.
DOUDI_HEAD = Path(given("DOUDI_HEAD", str(HOME / "office" / "heads.jsonl")))

DOUDI_EXPORT_ROWS = number("DOUDI_EXPORT_ROWS", 500)  # more rows about citizens need a second person
DOUDI_EXPORT_MOST = 50_000  # rows of one file
DOUDI_EXPORT_PAPER = 1_000  # rows of one that is printed: some fifty pages
DOUDI_EXPORT_DAYS = 7  # until a file that was asked for is taken

DOUDI_MESSAGE_DAYS = 90  # until a message, read or not, is cleared away

# Tokens of other systems: short, read only, kept as a checksum. The grants that are not used here are shut all the same.
OAUTH2_PROVIDER = {
    "SCOPES": {"read": "读取"},
    "DEFAULT_SCOPES": ["read"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "CLIENT_SECRET_GENERATOR_LENGTH": 43,  # 256 bits
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"  # its own, said where migrations look for it

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
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
OFFICE_UNREAD = "doudi.office.messages.selectors.unread"
# Who names the households that a message points at.
OFFICE_HOUSEHOLDS = "doudi.office.registry.selectors.households"
