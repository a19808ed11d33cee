// What panels take from HTTP APIs is in the answers: of a running registry, and of our own
// operations, which our API serves as they are.
import { beforeAll, describe, expect, test } from 'vitest';
import { REFERENCE } from '../../monitoring/src/config.js';
import {
  type ApiQuery,
  CERTIFICATES,
  DISPUTES,
  FEDERATION_PEERS,
  PATHS,
  PROPOSALS,
  RED,
} from '../../monitoring/src/dashboards/api-panels.js';
import { dashboardPlans } from '../../monitoring/src/dashboards/emit.js';
import type { PanelPlan } from '../../monitoring/src/dashboards/model.js';
import { invoke, type Operation } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { createListener, createWorld, resultOf, storeClosed, TIMED_OUT } from '../admin/world.js';
import { prepareSandbox, type SandboxPlatform } from '../support/sandbox-service.js';
import { changeOf } from '../support/supply-samples.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 120_000;
/** A peer that is away is probed every few seconds. */
const PROBED_WITHIN_MS = 30_000;

/** The columns that no line of the answer has; throws where the root is no list, or is empty. */
function missing(api: ApiQuery, answer: unknown): readonly string[] {
  const lines = field(answer, api.root);
  if (!Array.isArray(lines) || lines.length === 0) throw new Error(`${api.root} has no lines`);
  return api.columns
    .map(({ selector }) => selector)
    .filter((selector) => lines.every((line) => field(line, selector) === undefined));
}

function field(value: unknown, selector: string): unknown {
  return selector.split('.').reduce<unknown>((inside, step) => {
    if (typeof inside !== 'object' || inside === null) return undefined;
    return Object.entries(inside).find(([name]) => name === step)?.[1];
  }, value);
}

function apiOf({ api, title }: PanelPlan): ApiQuery {
  if (api === undefined) throw new Error(`${title} reads no API`);
  return api;
}

describe('the registry', () => {
  let platform: SandboxPlatform;

  beforeAll(async () => {
    platform = await prepareSandbox();
    const [frame] = platform.frames;
    await platform.start('teg', frame);
    await platform.start('registry', frame);
    const post = async (path: string, body: object): Promise<void> => {
      const answer = await fetch(`${frame.registryUrl}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${platform.token('admin')}`,
        },
        body: JSON.stringify(body),
      });
      expect(answer.status, await answer.text()).toBe(201);
    };
    const [first, second] = await agentsOf(frame.registryUrl);
    await post('/api/v1/governance/proposals', { proposer: first, title: 'to be listed' });
    await post('/api/v1/disputes', { claimant: first, respondent: second, reason: 'to be listed' });
    return () => platform.close();
  }, TIMEOUT_MS);

  test.each([FEDERATION_PEERS, PROPOSALS, DISPUTES])('$title', async (panel) => {
    const api = apiOf(panel);
    const url = `${platform.frames[0].registryUrl}${api.path}`;
    await until(async () => {
      const answer: unknown = await (await fetch(url)).json();
      expect(missing(api, answer)).toEqual([]);
    }, PROBED_WITHIN_MS);
  });
});

/** Of those that the registry holds from the start. */
async function agentsOf(registryUrl: string): Promise<readonly string[]> {
  const answer = (await (await fetch(`${registryUrl}/api/v1/agents`)).json()) as {
    readonly agents: readonly { readonly agent_id: string }[];
  };
  return answer.agents.map(({ agent_id: id }) => id);
}

describe('our own', () => {
  const read = async (operation: Operation): Promise<unknown> => {
    const world = createWorld({ workers: [] });
    await storeClosed(world.results, resultOf('A1.1-A1.2-intra'));
    await storeClosed(world.results, resultOf('A1.1-B1.1-async', TIMED_OUT));
    await world.supply.commit(changeOf(await world.supply.load(), 'audit-1'));
    const answer = await invoke(operation, world, operation.input.parse({}), createListener());
    if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
    return JSON.parse(JSON.stringify(answer.value));
  };

  test.each([
    { panel: RED, operation: OPERATIONS.status },
    { panel: PATHS, operation: OPERATIONS.paths },
    { panel: CERTIFICATES, operation: OPERATIONS.auditHistory },
  ])('$panel.title', async ({ operation, panel }) => {
    expect(missing(apiOf(panel), await read(operation))).toEqual([]);
  });

  test('a field that is called otherwise is seen', async () => {
    const api = apiOf(PATHS);
    const columns = [{ selector: 'last.outcame', title: '', type: 'string' as const }];
    const answer = await read(OPERATIONS.paths);
    expect(missing({ ...api, columns }, answer)).toEqual(['last.outcame']);
    expect(() => missing({ ...api, root: 'path' }, answer)).toThrow('path has no lines');
  });
});

test('every panel that reads an API is among those', () => {
  const shown = dashboardPlans(REFERENCE)
    .flatMap(({ sections }) => sections.flatMap(({ panels }) => panels))
    .filter(({ kind }) => kind === 'api');
  const tried = [FEDERATION_PEERS, PROPOSALS, DISPUTES, RED, PATHS, CERTIFICATES];
  expect(new Set(shown)).toEqual(new Set(tried));
});
