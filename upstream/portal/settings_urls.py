"""Addresses of what a practice sets up for itself, and of its sample."""

from django.urls import path

from upstream.portal.views import clients, letterhead, notices, sample, settings, sign_in_policy

SETTINGS = [
    path("settings/", settings.settings, name="settings"),
    path("settings/clients/", clients.clients, name="clients"),
    path("settings/clients/end/", clients.revoke, name="client_revoke"),
    path("settings/quiet/", notices.quiet, name="quiet"),
    path("settings/money/", settings.money, name="money"),
    path("settings/letterhead/", letterhead.page, name="letterhead"),
    path("settings/letterhead/logo.png", letterhead.logo, name="letterhead_logo"),
    path("settings/letterhead/put/", letterhead.put, name="letterhead_put"),
    path("settings/letterhead/away/", letterhead.away, name="letterhead_away"),
    path("settings/letterhead/back/", letterhead.back, name="letterhead_back"),
    path("settings/letterhead/paper/", letterhead.paper, name="letterhead_paper"),
    path("settings/sign-in/", sign_in_policy.policy, name="sign_in_policy"),
    path("sample/open/", sample.sample_open, name="sample_open"),
    path("sample/progress/", sample.sample_progress, name="sample_progress"),
    path("sample/leave/", sample.sample_leave, name="sample_leave"),
    path("sample/remove/", sample.sample_remove, name="sample_remove"),
]
