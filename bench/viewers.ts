// What 200 live viewers cost: the verdict delay of cycles with and without them, turn by turn in
// one run, and the memory of the process that serves them. A viewer does what the page does: it
// follows the events, and reads anew what it shows, once for each burst of them.
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Reactor } from '../test/e2e/reactor.js';
import type { BareRunner } from './bare-runner.js';
import type { BenchRow } from './report.js';
import { benchVerdictLatency } from './verdict-latency.js';
import { residentBytes } from './web-process.js';

const VIEWERS = 200;
const TURNS = 2;
const MIB = 1024 ** 2;

export async function benchViewers(
  reactor: Reactor,
  bare: BareRunner,
): Promise<readonly BenchRow[]> {
  const without: BenchRow[] = [];
  const beside: BenchRow[] = [];
  const resident: { readonly without: number[]; readonly beside: number[] } = {
    without: [],
    beside: [],
  };
  let heard = 0;
  let refused = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    without.push(...(await benchVerdictLatency(reactor, bare, 1)));
    resident.without.push(webResidentMib(reactor));
    const viewers = await openViewers(`${webUrl(reactor)}/api/v1`);
    beside.push(...(await benchVerdictLatency(reactor, bare, 1)));
    resident.beside.push(webResidentMib(reactor));
    const seen = viewers.close();
    heard += seen.heard;
    refused += seen.refused;
  }
  return [
    ...named(without, 'no viewer'),
    ...named(beside, `${VIEWERS} viewers`),
    { name: 'web, resident, no viewer', unit: 'MiB', samples: resident.without },
    { name: `web, resident, ${VIEWERS} viewers`, unit: 'MiB', samples: resident.beside },
    { name: 'events that each viewer heard', unit: '1', samples: [heard / VIEWERS / TURNS] },
    { name: 'readings that were refused or lost', unit: '1', samples: [refused] },
  ];
}

/** The same figure of every turn in one row; the share is over all turns anyway. */
function named(rows: readonly BenchRow[], how: string): readonly BenchRow[] {
  const names = [...new Set(rows.map(({ name }) => name))].filter((one) => !/share/.test(one));
  return names.map((name) => ({
    name: `${how}: ${name}`,
    unit: 'ms',
    samples: rows.filter((row) => row.name === name).flatMap(({ samples }) => samples),
  }));
}

function webUrl({ stack }: Reactor): string {
  const { web } = stack.addresses;
  if (web === undefined) throw new Error('the stack has no web');
  return web;
}

function webResidentMib({ stack }: Reactor): number {
  return residentBytes(stack.service('web').pid() ?? 0) / MIB;
}

interface Viewers {
  /** Answers how many events all of them heard together, and how many readings had no answer. */
  close(): { readonly heard: number; readonly refused: number };
}

/** As the page has it: what it reads, and how long it gathers events before. */
const READ_BY_PAGE = ['/board', '/attention', '/pauses', '/maintenance'];
const GATHER_MS = 800;

async function openViewers(api: string): Promise<Viewers> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  let heard = 0;
  let refused = 0;
  let isOpen = true;
  const taken = (response: IncomingMessage): void => {
    if (response.statusCode !== 200) refused += 1;
    response.resume();
  };
  const readAnew = (): void => {
    for (const path of READ_BY_PAGE) {
      get(`${api}${path}`, { agent }, taken).on('error', () => {
        // Those that are under way when all is closed are no fault.
        if (isOpen) refused += 1;
      });
    }
  };
  const listen = (response: IncomingMessage): void => {
    let gathering: NodeJS.Timeout | undefined;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const events = text.match(/^event: /gm)?.length ?? 0;
      heard += events;
      if (events === 0 || gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        if (isOpen) readAnew();
      }, GATHER_MS);
    });
    response.on('error', () => undefined);
  };
  const open = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(`${api}/stream`, { agent }, resolve).once('error', reject);
    });
  const responses = await Promise.all(Array.from({ length: VIEWERS }, open));
  for (const response of responses) listen(response);
  return {
    close() {
      isOpen = false;
      for (const response of responses) response.destroy();
      agent.destroy();
      return { heard, refused };
    },
  };
}
