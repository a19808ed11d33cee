// Viewers of the page as a process of their own. Each does what the page does: it follows the
// events, and reads anew what it shows, once for each burst of them. Called with the address of
// the API and their number; says `ready` to its parent and, when told anything, what was seen, and
// ends.
import { Agent, get, type IncomingMessage } from 'node:http';

export interface Seen {
  /** Events that all of them heard together. */
  readonly heard: number;
  /** Readings that were answered. */
  readonly answered: number;
  /** Readings that were refused or had no answer. */
  readonly lost: number;
  /** Of this process, seconds. */
  readonly cpuS: number;
}

/** As the page has it: what it reads, and how long it gathers events before. */
const READ_BY_PAGE = ['/board', '/attention', '/pauses', '/maintenance'];
const GATHER_MS = 800;

const [, , api = '', number = ''] = process.argv;
process.once('disconnect', () => process.exit());
const viewers = await openViewers(api, Number(number));
process.once('message', () => {
  process.send?.(viewers.close(), () => process.exit());
});
process.send?.('ready');

async function openViewers(api: string, length: number): Promise<{ close(): Seen }> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const count = { heard: 0, answered: 0, lost: 0 };
  const readAnew = (): void => {
    for (const path of READ_BY_PAGE) {
      const taken = (response: IncomingMessage): void => {
        count[response.statusCode === 200 ? 'answered' : 'lost'] += 1;
        response.resume();
      };
      get(`${api}${path}`, { agent }, taken).on('error', () => {
        count.lost += 1;
      });
    }
  };
  const listen = (response: IncomingMessage): void => {
    let gathering: NodeJS.Timeout | undefined;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const events = text.match(/^event: /gm)?.length ?? 0;
      count.heard += events;
      if (events === 0 || gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        readAnew();
      }, GATHER_MS);
    });
    response.on('error', () => undefined);
  };
  const open = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(`${api}/stream`, { agent }, resolve).once('error', reject);
    });
  for (const response of await Promise.all(Array.from({ length }, open))) listen(response);
  const { user, system } = process.cpuUsage();
  return {
    close() {
      const used = process.cpuUsage({ user, system });
      return { ...count, cpuS: (used.user + used.system) / 1e6 };
    },
  };
}
