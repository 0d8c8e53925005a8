# The worker: paints, knows no person and no credentials but its own for Redis. Build from the repository's root:
#   docker build -f deploy/worker.Dockerfile -t stylesmith-worker .
# The wheels of torch bring CUDA with them, so one image serves with a GPU and without. Pin BASE as in bot.Dockerfile.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /build
# pip and what builds the project work from an environment of their own, and stay behind.
RUN python -m venv tools && python -m venv --without-pip /opt/stylesmith
COPY deploy/requirements-build.txt deploy/requirements.txt deploy/
RUN tools/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r deploy/requirements-build.txt && \
    tools/bin/pip --python /opt/stylesmith install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r deploy/requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY worker worker
RUN tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . && \
    tools/bin/pip --python /opt/stylesmith install --no-cache-dir --no-deps wheels/*.whl

FROM ${BASE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin stylesmith && install -d -o 10001 -g 10001 -m 0700 /data
# The base's own pip, too: nothing installs anything in here.
RUN python -m pip uninstall --yes --root-user-action=ignore pip setuptools wheel || true
COPY --from=build /opt/stylesmith /opt/stylesmith
COPY deploy/hold-on-misconfiguration /usr/local/bin/
RUN chmod 755 /usr/local/bin/hold-on-misconfiguration
ENV PATH=/opt/stylesmith/bin:$PATH PYTHONDONTWRITEBYTECODE=1 STYLESMITH_DATA_DIR=/data STYLESMITH_LOG_JSON=true \
    STYLESMITH_WORKER_METRICS_HOST=0.0.0.0 STYLESMITH_WORKER_METRICS_PORT=9465 HOME=/tmp XDG_CACHE_HOME=/tmp
USER 10001:10001
WORKDIR /data
EXPOSE 9465
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s \
    CMD ["python", "-P", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9465/metrics', timeout=4)"]
ENTRYPOINT ["stylesmith"]
CMD ["worker"]
