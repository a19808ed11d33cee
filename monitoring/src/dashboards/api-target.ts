// An HTTP API as Grafana's Infinity plug-in asks it: its own proxy fetches and cuts the answer, so
// that no browser needs a way to the API.
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { DATA_SOURCES, INFINITY } from '../grafana.js';
import type { ApiQuery } from './api-panels.js';

/** One for each registry or product is enough: these have no variable. */
export function apiDataSource({ source }: ApiQuery): DataSourceRef {
  return { type: INFINITY, uid: DATA_SOURCES[source] };
}

export function apiTarget(api: ApiQuery): Builder<Dataquery> {
  const query = {
    refId: 'A',
    datasource: apiDataSource(api),
    type: 'json',
    source: 'url',
    format: 'table',
    parser: 'backend',
    url: api.path,
    url_options: { method: 'GET', data: '' },
    root_selector: api.root,
    columns: api.columns.map(({ selector, title, type }) => ({ selector, text: title, type })),
    filters: [],
    _implementsDataqueryVariant: () => undefined,
  };
  return { build: () => query };
}
