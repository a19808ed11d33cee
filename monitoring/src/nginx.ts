// nginx in front of Grafana, Prometheus and Alertmanager: each on a host name of its own, for those
// who have the administrators' password.
import type { MonitoringConfig } from './config.js';
import type { MonitoringPlaces } from './scrape.js';

/** Inside its container; the compose file publishes it on loopback, where TLS is put before it. */
const LISTEN_PORT = 8080;

/** Written by `htpasswd`; whoever runs it provides it. */
const PASSWORD_FILE = '/run/secrets/monitoring_htpasswd';

export function nginxConfig({ links }: MonitoringConfig, places: MonitoringPlaces): string {
  const { grafana, prometheus, alertmanager } = places;
  const servers = [
    server(new URL(links.grafana).hostname, grafana),
    server(new URL(links.prometheus).hostname, prometheus),
    ...(alertmanager === undefined
      ? []
      : [server(new URL(links.alertmanager).hostname, alertmanager)]),
  ];
  return `${[PREAMBLE, ...servers, REFUSAL].join('\n\n')}\n`;
}

const PREAMBLE = `# Docker's name server: a service that is away must not keep nginx from starting.
resolver 127.0.0.11 valid=10s ipv6=off;

map $http_upgrade $connection_upgrade {
  default upgrade;
  '' close;
}`;

function server(host: string, upstream: string): string {
  return `server {
  listen ${LISTEN_PORT};
  server_name ${host};

  auth_basic "admin";
  auth_basic_user_file ${PASSWORD_FILE};

  location / {
    set $upstream http://${upstream};
    proxy_pass $upstream;
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    # This password is nginx's own: Grafana would take it for one of its users'.
    proxy_set_header Authorization "";
  }
}`;
}

const REFUSAL = `# Any other name gets no answer.
server {
  listen ${LISTEN_PORT} default_server;
  server_name _;
  return 444;
}`;
