"""Addresses of what a practice sets up for itself."""

from django.urls import path

from upstream.portal.views import clients, letterhead, notices, settings, sign_in_policy

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
]
