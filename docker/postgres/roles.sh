#!/bin/sh
# Makes the two roles and the database on a new PostgreSQL server; the official image runs it once, as the superuser.
# UPSTREAM_OWNER_PASSWORD and UPSTREAM_APP_PASSWORD come from the environment and pass to psql through it.
set -eu
: "${UPSTREAM_OWNER_PASSWORD:?}" "${UPSTREAM_APP_PASSWORD:?}"
privileges="${PRIVILEGES_SQL:-/upstream/privileges.sql}"
psql -v ON_ERROR_STOP=1 --no-psqlrc -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
\getenv owner_password UPSTREAM_OWNER_PASSWORD
\getenv app_password UPSTREAM_APP_PASSWORD
CREATE ROLE upstream_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE upstream_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
CREATE DATABASE upstream OWNER upstream_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE upstream FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE upstream TO upstream_app;
SQL
{ echo 'SET ROLE upstream_owner;'; cat "$privileges"; } |
    psql -v ON_ERROR_STOP=1 --no-psqlrc -U "${POSTGRES_USER:-postgres}" -d upstream
