# The dashboard as one process that is not root. Two images from one file:
#   docker build -t dashboard .                          torch for the CPU
#   docker build -t dashboard --build-arg TORCH=cu128 .  torch for CUDA, as https://download.pytorch.org/whl names it
FROM python:3.11-slim AS packages
ARG TORCH=cpu
COPY requirements.txt pyproject.toml /packages/
# With what PostgreSQL and object stores need: whether they are used is a matter of the settings.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --index-url "https://download.pytorch.org/whl/${TORCH}" \
        "$(grep '^torch==' /packages/requirements.txt)" \
    && /venv/bin/pip install --no-cache-dir -r /packages/requirements.txt "/packages[hosting]"

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin dashboard && install -d -o dashboard -m 700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY .streamlit .streamlit
COPY sample_data sample_data
COPY app.py ./
COPY dashboard dashboard

# With these, only /data and /tmp are written to: the rest may be read-only.
ENV PATH=/venv/bin:$PATH HOME=/tmp NUMBA_CACHE_DIR=/tmp/numba \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_PORT=8501 STREAMLIT_SERVER_HEADLESS=true \
    DASHBOARD_UPLOAD_FOLDER=/data/uploads DASHBOARD_TRAINING_FOLDER=/data/trainings \
    DASHBOARD_REVIEW_FOLDER=/data/reviews
VOLUME /data
EXPOSE 8501
USER 10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "dashboard.health_check"]
CMD ["streamlit", "run", "app.py"]
