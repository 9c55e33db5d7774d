"""Django's settings, made from the installation's Configuration. Nothing else reads the environment."""

from datetime import timedelta
from pathlib import Path

from qingfeng import mechanisms
from qingfeng.config import Configuration
from qingfeng.kernel.time.timekeeper import SystemTime, Timekeeper

CONFIGURATION = Configuration()

DEBUG = CONFIGURATION.debug
DEMO = CONFIGURATION.demo
SECRET_KEY = CONFIGURATION.secret_key()
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
CSRF_TRUSTED_ORIGINS = list(CONFIGURATION.origins)

HOME = CONFIGURATION.home
KEYS = CONFIGURATION.folder("keys")
HEADS = KEYS / "ledger-heads.json"
"""What this installation signed last: beside the keys, and out of the database's reach."""
MEDIA_ROOT = CONFIGURATION.folder("attachments")
ATTACHMENT_LIMIT = CONFIGURATION.attachment_megabytes << 20
FILE_UPLOAD_HANDLERS = ["qingfeng.faces.uploads.BoundedUpload"]
EXPORTS = CONFIGURATION.folder("exports")
WITNESSES = CONFIGURATION.witness_email

INSTALLED_APPS = [
    "qingfeng.kernel",
    "qingfeng.organization",
    *mechanisms.installed(),
    *CONFIGURATION.mechanisms,
    "qingfeng.assessment",
    "qingfeng.faces.design",
    "qingfeng.faces.console",
    "qingfeng.faces.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
]
MIDDLEWARE = [
    "qingfeng.faces.door.TrueAddress",
    "qingfeng.faces.security.SecurityHeaders",
    "qingfeng.faces.api.errors.OneShape",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingfeng.faces.security.SlidingSession",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingfeng.faces.console.visit.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "qingfeng.faces.urls"
WSGI_APPLICATION = "qingfeng.faces.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingfeng.faces.design.shell.preferences",
                "qingfeng.faces.console.navigation.shell",
            ]
        },
    }
]

DATABASES = {"default": CONFIGURATION.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who signs in, and for how long
AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
"""A link that was handed out opens an account without password for so many seconds."""
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = CONFIGURATION.session_minutes * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
OTP_TOTP_ISSUER = "Qingfeng"
# Wrong codes are counted by name and address, as passwords are: counted by device, they would lock its owner out.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
# By name and address together: by name alone anyone could lock a colleague out, by address alone an office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "qingfeng.faces.door.counted_address"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "qingfeng.faces.console.sign_in.locked_out"
AXES_USERNAME_CALLABLE = "qingfeng.faces.console.sign_in.hidden_name"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# What a program may do
TOKEN_DAYS = CONFIGURATION.token_days
API_PER_MINUTE = CONFIGURATION.api_per_minute

# What a browser may do
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
PROXIES = CONFIGURATION.proxies if CONFIGURATION.proxied else ()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.proxied else None
X_FRAME_OPTIONS = "DENY"

CSRF_FAILURE_VIEW = "qingfeng.faces.console.form_drafts.csrf_failure"

# Words, days, numbers
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
TIMEKEEPER: Timekeeper = SystemTime()
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if CONFIGURATION.email_host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = CONFIGURATION.home / "letters"
EMAIL_HOST = CONFIGURATION.email_host
EMAIL_PORT = CONFIGURATION.email_port
EMAIL_HOST_USER = CONFIGURATION.email_user
EMAIL_HOST_PASSWORD = CONFIGURATION.email_password.get_secret_value()
EMAIL_USE_TLS = CONFIGURATION.email_security == "starttls"
EMAIL_USE_SSL = CONFIGURATION.email_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIGURATION.email_from

LOG_LINE = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": LOG_LINE},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
