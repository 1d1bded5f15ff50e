from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "upstream.portal"
    label = "portal"


class StaffAdminConfig(AdminConfig):
    default_site = "upstream.portal.staff_admin.StaffAdminSite"
