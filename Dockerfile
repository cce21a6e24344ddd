# docker build -t messaging-sandbox . && docker run --rm -p 127.0.0.1:4700:4700 messaging-sandbox
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY sandbox ./sandbox
COPY fixtures ./fixtures
COPY scenarios ./scenarios
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir /wheels/*.whl

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
ENV PYTHONUNBUFFERED=1
ENV SANDBOX_HOST=0.0.0.0
# A sandbox.yaml mounted here is read at the start.
WORKDIR /config
USER 10001:10001
EXPOSE 4700
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, ssl, urllib.request; urllib.request.urlopen('%s://127.0.0.1:%s/_sandbox/health' % ('https' if os.environ.get('SANDBOX_TLS_CERT') else 'http', os.environ.get('SANDBOX_PORT') or 4700), timeout=2, context=ssl._create_unverified_context())"]
ENTRYPOINT ["messaging-sandbox"]
CMD ["serve"]
