// Grafana's provisioning: where it reads from, and which folder holds its dashboards.
import type { MonitoringConfig } from './config.js';
import { duration } from './duration.js';
import type { MonitoringPlaces } from './scrape.js';

/** The fixed uids of the data sources, as dashboards name them. */
export const DATA_SOURCES = {
  prometheus: 'prometheus',
  victoriaMetrics: 'victoriametrics',
  platformApi: 'platform-api',
  canaryApi: 'canary-api',
} as const;

/** The plug-in that reads HTTP APIs as JSON. */
export const INFINITY = 'yesoreyeram-infinity-datasource';

/**
 * VictoriaMetrics moves the ends of a range to whole steps so that it can cache the answer: with
 * steps of an hour the last one would be missing, and a young installation would see nothing.
 */
export const TO_THE_END = 'nocache=1';

export function grafanaDataSources(config: MonitoringConfig, places: MonitoringPlaces): object {
  const ofPrometheus = {
    type: 'prometheus',
    access: 'proxy',
    editable: false,
    jsonData: { httpMethod: 'POST', timeInterval: duration(config.times.scrapeSeconds) },
  };
  return {
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: DATA_SOURCES.prometheus,
        ...ofPrometheus,
        url: `http://${places.prometheus}`,
        isDefault: true,
      },
      ...(places.victoriaMetrics === undefined
        ? []
        : [
            {
              name: 'VictoriaMetrics',
              uid: DATA_SOURCES.victoriaMetrics,
              ...ofPrometheus,
              url: `http://${places.victoriaMetrics}`,
              jsonData: { ...ofPrometheus.jsonData, customQueryParameters: TO_THE_END },
            },
          ]),
      api('Platform API', DATA_SOURCES.platformApi, places.apis),
      {
        ...api('Canary API', DATA_SOURCES.canaryApi, [places.canaryApi], 'bearerToken'),
        // Grafana puts the variable's value in; an open face asks for none.
        secureJsonData: { bearerToken: '$CANARY_API_TOKEN' },
      },
    ],
  };
}

/** A panel names the path, which is put behind the first address. */
function api(
  name: string,
  uid: string,
  urls: readonly string[],
  authentication: 'none' | 'bearerToken' = 'none',
): object {
  return {
    name,
    uid,
    type: INFINITY,
    access: 'proxy',
    editable: false,
    url: urls[0],
    jsonData: { auth_method: authentication, allowedHosts: urls },
  };
}

/** Where the dashboards stand inside Grafana's own container. */
const DASHBOARDS_FOLDER = '/etc/grafana/provisioning/dashboards/json';

export function grafanaDashboardProvider(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'canary-reactor',
        orgId: 1,
        folder: 'Canary Reactor',
        type: 'file',
        disableDeletion: true,
        // A change belongs into the generator: one made here would be lost with the next.
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: DASHBOARDS_FOLDER },
      },
    ],
  };
}
