"""How people sign in, how long they stay, and who needs a second factor."""

from upstream.settings import env

_REAL = env.flag("REAL_DATA_MODE")

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "upstream.tenants.accounts.passwords.EasyToGuessValidator"},
]
PASSWORD_RESET_TIMEOUT = 1800
LOGIN_URL = "portal:login"
LOGIN_REDIRECT_URL = "portal:today"
LOGOUT_REDIRECT_URL = "portal:login"
AXES_USERNAME_FORM_FIELD = "username"  # otherwise axes looks for "email", finds nothing, and locks nobody
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME = 10, 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]  # from whatever address: an attacker has many
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_LOCKOUT_TEMPLATE = "portal/locked.html"
AXES_RESET_ON_SUCCESS, AXES_VERBOSE = True, False
AXES_IPWARE_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0)

# The least that is asked of people in every practice; a practice may ask for more. See docs/decisions/0031.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ("optional", "phi", "all"), least="phi" if _REAL else "optional")
STAFF_SECOND_FACTOR = _REAL or env.flag("STAFF_SECOND_FACTOR")
INVITATION_SECONDS = 7 * 24 * 3600
ACCOUNT_ADAPTER = "upstream.portal.accounts.adapter.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"sign_in_failed": "50/10m/ip", "second_step_failed": "5/15m/key", "login_failed": "5/15m/key"}
MFA_ADAPTER = "upstream.portal.accounts.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Upstream"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner makes the account, and a link is mailed to its address

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = env.integer("SESSION_IDLE_MINUTES", 15) * 60
