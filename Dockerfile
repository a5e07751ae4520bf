# syntax=docker/dockerfile:1
# The image holds Python, libcairo and one virtual environment; it runs as nobody in particular, needs no writable root,
# and keeps all state in /data:   docker build -t blue-heart . && docker run -p 8000:8000 -v blue-heart:/data blue-heart

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
WORKDIR /src
RUN python -m venv /opt/blue-heart
COPY requirements.lock .
RUN /opt/blue-heart/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY badge badge
COPY svg_templates svg_templates
COPY widgets/v1 widgets/v1
RUN /opt/blue-heart/bin/pip install --no-deps --no-build-isolation --no-index . \
 && /opt/blue-heart/bin/python -m compileall -q /opt/blue-heart/lib

FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libcairo2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin blueheart \
 && install -d -o blueheart -g blueheart -m 700 /data
COPY --from=build /opt/blue-heart /opt/blue-heart
ENV PATH=/opt/blue-heart/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BLUEHEART_HOST=0.0.0.0 \
    BLUEHEART_PORT=8000 \
    BLUEHEART_DATA_DIR=/data
USER blueheart
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['BLUEHEART_PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["blueheart"]
CMD ["serve"]
