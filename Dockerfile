# The image of every process of this project: the worker, the exporter, and the sandbox's services.
# Debian, for Temporal's native library needs glibc.
FROM node:22.22.2-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY sandbox/package.json sandbox/
COPY ui/package.json ui/
RUN npm ci --omit=dev --ignore-scripts

# The web page is built with what the other stages do without.
FROM node:22.22.2-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY sandbox/package.json sandbox/
COPY ui/package.json ui/
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY ui ui
RUN npx vite build ui

FROM node:22.22.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY sandbox/package.json sandbox/
COPY ui/package.json ui/
COPY --from=page /app/ui/dist ui/dist
COPY stack/healthcheck.mjs ./
COPY src src
COPY sandbox/src sandbox/src
# The worker keeps its bundle of workflows in .stack, and finds the agents' tokens in /tokens.
RUN mkdir -p .stack /tokens && chown node:node .stack /tokens
USER node
ENTRYPOINT ["node", "--import", "tsx"]
