// Addresses to listen on, as the configuration writes them.

export interface ListenAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9464` as host and port; the configuration's schema has checked the form. */
export function splitListen(listen: string): ListenAddress {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(listen.slice(colon + 1)) };
}

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** How others reach what listens there: who listens everywhere is found by the host's name. */
export function reachableUrl(listen: string, hostName: string): string {
  const { host, port } = splitListen(listen);
  const reachable = EVERYWHERE.includes(host) ? hostName : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Whether only this machine reaches what listens there. */
export function isLoopback(listen: string): boolean {
  const { host } = splitListen(listen);
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
