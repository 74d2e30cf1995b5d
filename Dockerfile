# Pidentify without a window, in a container: docs/container.md. Works with docker, podman and buildah.
FROM node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS node

FROM rust:1.90-slim-bookworm@sha256:64232e656c058f4468e8d024e990acff04f0fd5a5c0a88a574dc37773d7325c9 AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libasound2-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /build
COPY . .
# The same steps that make the desktop app, without its window. Valkey comes by apt, which has to know its sources.
RUN apt-get update && sh scripts/build-native.sh headless
RUN install -D src-tauri/binaries/pidentify-node-* /image/usr/bin/pidentify-node \
    && install -D src-tauri/binaries/pidentify-capture-* /image/usr/bin/pidentify-capture \
    && install -D --mode 644 deploy/health.mjs /image/usr/lib/pidentify/health.mjs \
    && cp -R src-tauri/resources/services /image/usr/lib/pidentify/services

FROM debian:bookworm-20260610-slim@sha256:96e378d7e6531ac9a15ad505478fcc2e69f371b10f5cdf87857c4b8188404716
# tini ends what loses its parent; ALSA is for /dev/snd, where no sound server's socket is passed in.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libasound2 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --user-group --groups audio --no-create-home --home-dir /config pidentify \
    && install --directory --owner pidentify --group pidentify /config /music
COPY --from=build /image/ /
# A container's own loopback reaches nobody: the engine decides who may come to the port.
ENV APPDATA_DIR=/config MUSIC_LIBRARY_DIR=/music PIDENTIFY_CACHE_DIR=/tmp/pidentify PIDENTIFY_LISTEN=all
USER 1000:1000
WORKDIR /config
VOLUME ["/config", "/music"]
EXPOSE 8000
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 \
    CMD ["pidentify-node", "/usr/lib/pidentify/health.mjs"]
ENTRYPOINT ["tini", "--", "pidentify-node", "/usr/lib/pidentify/services/supervisor/src/main.js", "--headless", "--port", "8000"]
