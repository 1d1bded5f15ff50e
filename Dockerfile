# One image, four commands: web (the default), worker, beat, migrate. See docker-compose.yml.
FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements-lock.txt /tmp/
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements-lock.txt

FROM python:3.12-slim-bookworm
# Pango draws the PDF reports; without a font they would be empty boxes.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin upstream \
    && install -d -o upstream -g upstream /var/lib/upstream
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=upstream.settings.prod \
    STORAGE_URL=file:///var/lib/upstream
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY upstream ./upstream
COPY templates ./templates
COPY static ./static
# Settings want keys to be there; these live for one line and open nothing.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    FIELD_ENCRYPTION_KEY="$(python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput
USER upstream
VOLUME /var/lib/upstream
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/livez', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["gunicorn", "-c", "upstream/gunicorn.conf.py", "upstream.wsgi"]
