// Addresses outside the page: a test's workflow, its transfer's events, its dashboard.
import type { BoardPathView, BoardView } from '../../../src/admin/views/board-view.js';

type Links = BoardView['links'];

const DASHBOARD = 'canary-reactor';

export function grafanaUrl({ grafana }: Links, path?: string): string | undefined {
  if (grafana === undefined) return undefined;
  const query = path === undefined ? '' : `?var-path=${encodeURIComponent(path)}`;
  return `${trimmed(grafana)}/d/${DASHBOARD}${query}`;
}

export function workflowUrl({ temporalUi }: Links, workflowId: string): string | undefined {
  if (temporalUi === undefined) return undefined;
  return `${trimmed(temporalUi)}/workflows/${encodeURIComponent(workflowId)}`;
}

/** The events of a transfer, as the EventStore of the sender's frame has them. */
export function transferUrl(
  { shape }: BoardView,
  { senderFrame }: BoardPathView,
  transferId: string,
): string | undefined {
  const frame = shape.frames.find((one) => one.frame === senderFrame);
  return frame && eventsUrl(frame.events, transferId);
}

export function eventsUrl(eventStore: string, transferId: string): string {
  const query = `transfer_id=${encodeURIComponent(transferId)}`;
  return `${trimmed(eventStore)}/api/v1/events?${query}`;
}

function trimmed(address: string): string {
  return address.replace(/\/+$/, '');
}
