"""The staff admin: its own site, for Upstream's staff alone."""

from django.contrib.admin import AdminSite


class StaffAdminSite(AdminSite):
    site_header = "Upstream staff"
    site_title = "Upstream staff"
    index_title = "Operations"
    enable_nav_sidebar = False
