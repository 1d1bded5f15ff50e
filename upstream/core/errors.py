"""Errors that the product raises on purpose: a code for machines, words for people, never a value."""

from typing import Any


class DomainError(Exception):
    """A refusal with a stable `code` and a message in plain words; carries ids and codes, never PHI."""

    status = 400

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code

    def __reduce__(self) -> tuple[Any, ...]:
        return Exception.__new__, (type(self), *self.args), self.__dict__


class Invalid(DomainError):
    """The input breaks a rule; nothing was changed."""

    status = 422


class NotAllowed(DomainError):
    """The actor may not do this here."""

    status = 403


class Conflict(DomainError):
    """The thing is no longer in the state that this act needs."""

    status = 409


class Unreadable(DomainError):
    """A file, or a part of it, cannot be read; `line` (1-based) and `field` say where, never what stood there."""

    status = 422

    def __init__(self, code: str, message: str = "", *, line: int = 0, field: str = "") -> None:
        super().__init__(code, message)
        self.line = line
        self.field = field
