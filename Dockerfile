# Builds the wheel with its front end, then installs it for a user who may do nothing else.
FROM node:22.19.0-bookworm-slim AS node

FROM python:3.12.11-slim-bookworm AS build
COPY --from=node /usr/local /usr/local
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheel

FROM python:3.12.11-slim-bookworm
# LightGBM's runtime
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/ondol ondol
COPY requirements.lock /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock
COPY --from=build /wheel /tmp/wheel
RUN pip install --no-cache-dir --no-deps /tmp/wheel/*.whl && rm -r /tmp/wheel /tmp/requirements.lock
USER ondol
ENV ONDOL_HOME=/var/lib/ondol PYTHONUNBUFFERED=1
VOLUME /var/lib/ondol
EXPOSE 8000
ENTRYPOINT ["ondol"]
CMD ["serve", "--host", "0.0.0.0"]
