"""What happens to people's accounts, in plain words."""

ACCOUNT_ACTS = {
    "sign_in": "Signed in",
    "sign_in_refused": "Tried to sign in, in vain",
    "sign_in_locked": "Tried to sign in while the account was locked",
    "sign_out": "Signed out",
    "confirm_refused": "Could not confirm who they are",
    "password_changed": "Changed the password",
    "password_reset": "Set a password by a link",
    "app_added": "Added an authenticator app",
    "passkey_added": "Added a passkey",
    "factor_removed": "Removed an app or a passkey",
    "factors_reset": "Second factors were taken away",
    "recovery_codes_made": "Made new recovery codes",
    "session_ended": "Ended a session",
    "sessions_ended": "Ended all sessions",
    "invited_again": "Was invited again",
}


def account_act(act: str) -> str:
    """What happened to an account; an unlisted act is spelled out."""
    return ACCOUNT_ACTS.get(act, act.replace("_", " ").capitalize())
