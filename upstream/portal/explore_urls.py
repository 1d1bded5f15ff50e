"""Addresses of people's own reports and questions."""

from django.urls import path

from upstream.portal.views import explore, sql

EXPLORE = [
    path("explore/", explore.explore, name="explore"),
    path("explore/build/", explore.build, name="explore_build"),
    path("explore/csv/", explore.explore_csv, name="explore_csv"),
    path("explore/claims/", explore.explore_claims, name="explore_claims"),
    path("explore/save/", explore.save, name="explore_save"),
    path("explore/sql/", sql.sql, name="sql"),
    path("explore/sql/people/", sql.sql_people, name="sql_people"),
    path("explore/sql/<uuid:public_id>/", sql.question, name="question"),
    path("explore/<uuid:public_id>/", explore.own, name="own"),
    path("explore/<uuid:public_id>/change/", explore.change, name="own_change"),
    path("explore/<uuid:public_id>/back/", explore.back, name="own_back"),
    path("explore/<uuid:public_id>/delete/", explore.delete, name="own_delete"),
    path("explore/<uuid:public_id>/restore/", explore.restore, name="own_restore"),
]
