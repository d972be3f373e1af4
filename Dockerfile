# The API; `--target console` makes the local console's image from the same base.
FROM node:24-bookworm-slim AS base
WORKDIR /app
# Code compiled once is kept on the data volume: a restart is quicker, and the rest of the file system may be read-only.
ENV HOST=:: NODE_COMPILE_CACHE=/data/compile-cache
# As PID 1, Node would lose each signal that comes before its handlers are there: the kernel drops it. `-s`: where
# the platform adds an init of its own, tini is not PID 1.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends tini && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
  && install -d -o node -g node /data
VOLUME /data
COPY package.json package-lock.json ./
ENTRYPOINT ["tini", "-s", "--", "node"]

FROM base AS console
COPY console/package.json ./console/
# The lock file pins the versions. `npm ci --workspace` would also install those development dependencies of the console
# that are dependencies of the API, so the API's are removed.
RUN npm pkg delete dependencies devDependencies overrides \
  && npm install --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY LICENSE ./
COPY console/src ./console/src
USER node
ENV CONSOLE_HOST=0.0.0.0
EXPOSE 4568 2000/udp 2000/tcp
# Not with fetch, which goes through a proxy where NODE_USE_ENV_PROXY is set.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "http.get({ host: '127.0.0.1', port: 4568, agent: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["--disable-warning=ExperimentalWarning", "console/src/main.ts"]
LABEL org.opencontainers.image.title="Cruddur console" \
  org.opencontainers.image.description="Shows what the Cruddur backend tells Honeycomb, X-Ray, CloudWatch Logs and Rollbar" \
  org.opencontainers.image.licenses="MIT"

FROM base AS api
RUN npm ci --omit=dev --workspaces=false --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY LICENSE ./
COPY aws/json/xray.json ./aws/json/
COPY src ./src
USER node
EXPOSE 4567
# Ready, not only alive: Docker shows it and lets others wait for it, and restarts nothing because of it.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "http.get({ host: '127.0.0.1', port: process.env.PORT?.replace(/\\D/g, '') || 4567, path: '/readyz', agent: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["--max-semi-space-size=4", "--import", "./src/telemetry.ts", "src/main.ts"]
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Cruddur backend" \
  org.opencontainers.image.description="The Cruddur micro-blogging API, observed by Honeycomb, X-Ray, CloudWatch Logs and Rollbar under one trace id" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"
