# Builds into a virtual environment; the image that runs has only that, and no way to build more.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/okr-coach
ENV PATH=/opt/okr-coach/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/default.txt requirements/default.txt
RUN pip install --no-cache-dir --requirement requirements/default.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY prompts prompts
COPY evals evals
COPY app app
COPY corpus/outcomes.jsonl corpus/outcomes.jsonl
RUN pip install --no-cache-dir --no-deps . \
    && pip uninstall --yes setuptools pip

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin coach
COPY --from=build /opt/okr-coach /opt/okr-coach
ENV PATH=/opt/okr-coach/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["okr-coach", "serve", "--host", "0.0.0.0"]
