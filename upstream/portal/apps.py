from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class PortalConfig(AppConfig):
    name = "upstream.portal"
    label = "portal"


class StaffAdminConfig(SimpleAdminConfig):
    default_site = "upstream.portal.staff_admin.StaffAdminSite"
