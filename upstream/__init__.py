"""Upstream: payer early warning for provider groups."""

from upstream.celery import app as celery_app

__all__ = ["celery_app"]
