// The gateway against a TEG that answers as a test wills: every ending of an attempt is a value,
// and no token ever leaves but in its header.
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { createTegTransfers } from '../../src/adapters/teg-transfers.js';
import { type Attempt, type AttemptMeaning, meaningOf } from '../../src/domain/fire.js';
import type { TransferGateway } from '../../src/ports.js';
import { pathById, REFERENCE } from '../support/samples.js';
import { type SmallHttpServer, startSmallHttpServer } from '../support/small-http-server.js';

const TOKEN = 'secret-token-of-canary-1';
const TIMEOUT_MS = 400;

let teg: SmallHttpServer;

beforeAll(async () => {
  teg = await startSmallHttpServer();
});
afterAll(() => teg.close());

function gatewayTo(url: string, tokens = new Map([['A1:canary-1', TOKEN]])): TransferGateway {
  return createTegTransfers({
    clock: systemClock,
    topology: REFERENCE,
    tegUrls: { A: url },
    agentTokens: tokens,
    attemptTimeoutMs: TIMEOUT_MS,
    readTimeoutMs: TIMEOUT_MS,
    clockProbes: 3,
  });
}

const REQUEST = {
  path: pathById('A1.1-B1.1-async'),
  amountBaseUnits: 10_000n,
  memo: 'canary-test-1',
  idempotencyKey: 'test-1',
};

function json(status: number, body: unknown) {
  return (response: ServerResponse) => {
    response.statusCode = status;
    response.end(JSON.stringify(body));
  };
}

function transfer(status: string) {
  return { transfer_id: 't-1', status, backend: 'async', amount: '0.010000' };
}

function refusal(code: string) {
  return { error: { code, message: `because of ${code}` } };
}

describe('an attempt', () => {
  const accepted: Attempt = { kind: 'accepted', transferId: 't-1' };
  const answered = (status: number, code: string, message: unknown = expect.any(String)) => ({
    kind: 'answered',
    status,
    code,
    message,
  });
  const refused = (status: number, code: string) => ({
    answer: json(status, refusal(code)),
    attempt: answered(status, code, `because of ${code}`),
  });
  const table: readonly {
    what: string;
    answer: (response: ServerResponse) => void;
    attempt: unknown;
    meaning: AttemptMeaning;
  }[] = [
    {
      what: 'settled',
      answer: json(201, transfer('settled')),
      attempt: accepted,
      meaning: 'accepted',
    },
    {
      what: 'in transit',
      answer: json(202, transfer('in_transit')),
      attempt: accepted,
      meaning: 'accepted',
    },
    {
      what: 'in doubt',
      answer: json(202, transfer('in_doubt')),
      attempt: accepted,
      meaning: 'accepted',
    },
    {
      what: 'replayed',
      answer: json(200, transfer('refunded')),
      attempt: accepted,
      meaning: 'accepted',
    },
    {
      what: 'replayed and aborted',
      answer: json(200, transfer('aborted')),
      attempt: answered(424, 'peer_refused', 'transfer t-1 is aborted'),
      meaning: 'refused',
    },
    { what: 'malformed', ...refused(400, 'malformed_amount'), meaning: 'refused' },
    { what: 'unauthenticated', ...refused(401, 'unauthenticated'), meaning: 'refused' },
    { what: 'unpaid', ...refused(402, 'insufficient_funds'), meaning: 'unpaid' },
    { what: 'forbidden', ...refused(403, 'agent_revoked'), meaning: 'refused' },
    { what: 'in progress', ...refused(409, 'idempotency_in_progress'), meaning: 'doubt' },
    { what: 'refused', ...refused(422, 'refused'), meaning: 'refused' },
    { what: 'refused by the peer', ...refused(424, 'peer_refused'), meaning: 'refused' },
    { what: 'too many', ...refused(429, 'too_many_requests'), meaning: 'doubt' },
    { what: 'unavailable', ...refused(503, 'unavailable'), meaning: 'doubt' },
    {
      what: 'a page in HTML',
      answer: (response) => response.writeHead(502).end('<html>bad gateway</html>'),
      attempt: answered(502, 'http_502', '<html>bad gateway</html>'),
      meaning: 'doubt',
    },
    {
      what: 'a refusal in other words',
      answer: json(404, { detail: 'no' }),
      attempt: answered(404, 'http_404', '{"detail":"no"}'),
      meaning: 'refused',
    },
    {
      what: 'a yes without a transfer',
      answer: json(201, { ok: true }),
      attempt: answered(201, 'malformed_answer'),
      meaning: 'doubt',
    },
    {
      what: 'a yes with an unknown status',
      answer: json(201, transfer('perhaps')),
      attempt: answered(201, 'malformed_answer'),
      meaning: 'doubt',
    },
    {
      what: 'a yes cut short',
      answer: (response) => response.writeHead(201).end('{"transfer_id":"t-1","st'),
      attempt: answered(201, 'malformed_answer'),
      meaning: 'doubt',
    },
    {
      what: 'a redirect',
      answer: (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
      attempt: answered(307, 'http_307'),
      meaning: 'doubt',
    },
    {
      what: 'a broken connection',
      answer: (response) => response.destroy(),
      attempt: { kind: 'unanswered', message: expect.stringContaining('fetch failed') },
      meaning: 'doubt',
    },
    {
      what: 'a connection that breaks in the answer',
      answer: (response) => {
        response.writeHead(201);
        response.write('{"transfer_id":', () => response.destroy());
      },
      attempt: { kind: 'unanswered', message: expect.any(String) },
      meaning: 'doubt',
    },
    {
      what: 'no answer',
      answer: () => undefined,
      attempt: { kind: 'unanswered', message: `no answer within ${TIMEOUT_MS} ms` },
      meaning: 'doubt',
    },
    {
      what: 'an answer that never ends',
      answer: (response) => {
        response.writeHead(201).write('{');
      },
      attempt: { kind: 'unanswered', message: `no answer within ${TIMEOUT_MS} ms` },
      meaning: 'doubt',
    },
  ];

  for (const { what, answer, attempt, meaning } of table) {
    test(`${what} is ${meaning}, after one request`, async () => {
      teg.answerWith(answer);
      const before = teg.asked.length;
      const ended = await gatewayTo(teg.url).attempt(REQUEST);
      expect(ended).toEqual(attempt);
      expect(meaningOf(ended)).toBe(meaning);
      expect(teg.asked.length - before).toBe(1);
    });
  }

  test('a TEG that is not there is unanswered', async () => {
    const gone = await startSmallHttpServer();
    await gone.close();
    expect(await gatewayTo(gone.url).attempt(REQUEST)).toEqual({
      kind: 'unanswered',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  const doors = [
    { path: 'A1.1-A1.2-intra', door: '/teg/transfer' },
    { path: 'A1.1-B1.1-async', door: '/teg/cross-registry-transfer?backend=async' },
    { path: 'A1.1-B1.1-2pc', door: '/teg/cross-registry-transfer?backend=2pc' },
  ];
  for (const { path, door } of doors) {
    test(`${path} goes through ${door} in the contract’s words`, async () => {
      teg.answerWith(json(201, transfer('settled')));
      // A trailing slash in the configuration makes no other address.
      const gateway = gatewayTo(`${teg.url}/`);
      await gateway.attempt({ ...REQUEST, path: pathById(path) });
      const { receiver } = pathById(path);
      const asked = teg.asked.at(-1);
      expect(asked).toMatchObject({
        method: 'POST',
        url: door,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          'idempotency-key': 'test-1',
        },
      });
      expect(JSON.parse(asked?.body ?? '')).toEqual({
        sender: 'A1:canary-1',
        receiver,
        amount: '0.010000',
        memo: 'canary-test-1',
      });
    });
  }
});

describe('a token', () => {
  test('that the platform echoes is cut out of what the attempt says', async () => {
    const message = `token ${TOKEN} is not of A1:canary-1`;
    teg.answerWith(json(401, { error: { code: 'unauthenticated', message } }));
    const ended = await gatewayTo(teg.url).attempt(REQUEST);
    expect(JSON.stringify(ended)).not.toContain(TOKEN);
    expect(ended).toMatchObject({ message: 'token <token> is not of A1:canary-1' });
  });

  test('that cannot stand in a header is refused by its agent’s name alone', () => {
    const tokens = new Map([['A1:canary-1', `${TOKEN}\n`]]);
    expect(() => gatewayTo(teg.url, tokens)).toThrow(
      /^the token of agent A1:canary-1 is not usable$/,
    );
  });

  test('that is missing is a mistake of ours', async () => {
    await expect(gatewayTo(teg.url, new Map()).attempt(REQUEST)).rejects.toThrow(
      'agent A1:canary-1 has no token',
    );
  });
});

describe('a read', () => {
  test('balances are base units', async () => {
    const balance = { agent_id: 'A1:canary-1', available: '999.5', held: '0.000001' };
    teg.answerWith(json(200, { ...balance, currency: 'AVT', status: 'active', at: '' }));
    expect(await gatewayTo(teg.url).balance('A1:canary-1')).toEqual({
      availableBaseUnits: 999_500_000n,
      heldBaseUnits: 1n,
      status: 'active',
    });
    expect(teg.asked.at(-1)?.url).toBe('/teg/agents/A1%3Acanary-1/balance');
  });

  test('the fee is basis points', async () => {
    teg.answerWith(json(200, { frame: 'A', fee: { basis_points: 10 } }));
    expect(await gatewayTo(teg.url).feeBasisPoints('A')).toBe(10);
  });

  const wrong = [
    { what: 'garbage', answer: json(200, 'hello') },
    { what: 'a numeric balance', answer: json(200, { available: 1, held: '0', status: 'active' }) },
    { what: 'a debt', answer: json(200, { available: '-1', held: '0', status: 'active' }) },
    { what: 'an unknown agent', answer: json(404, refusal('unknown_agent')) },
    { what: 'an outage', answer: json(503, refusal('unavailable')) },
    { what: 'no answer', answer: () => undefined },
  ];
  for (const { what, answer } of wrong) {
    test(`${what} is a named error with frame and address`, async () => {
      teg.answerWith(answer);
      const gateway = gatewayTo(teg.url);
      for (const read of [gateway.balance('A1:canary-1'), gateway.feeBasisPoints('A')]) {
        await expect(read).rejects.toThrow(PlatformUnavailableError);
        await expect(read).rejects.toMatchObject({
          frame: 'A',
          url: expect.stringContaining('/teg/'),
        });
      }
    });
  }

  test('a clock is measured against ours, and one that does not answer is not', async () => {
    const aheadMs = 90_000;
    const now = () => new Date(Date.now() + aheadMs).toISOString();
    teg.answerWith((response) => response.end(JSON.stringify({ status: 'ok', now: now() })));
    const measured = await gatewayTo(teg.url).clockOffset('A');
    const { offsetMs = 0, errorMs = 0 } = measured ?? {};
    expect(errorMs).toBeGreaterThanOrEqual(1);
    expect(Math.abs(offsetMs - aheadMs)).toBeLessThanOrEqual(errorMs);
    teg.answerWith(json(200, { status: 'ok', now: 'noon' }));
    expect(await gatewayTo(teg.url).clockOffset('A')).toBeUndefined();
    teg.answerWith((response) => response.destroy());
    expect(await gatewayTo(teg.url).clockOffset('A')).toBeUndefined();
  });
});
