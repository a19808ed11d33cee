// Every operation has a door on every face, or the one table says why it has none.
import { describe, expect, test } from 'vitest';
import type { Face } from '../../src/admin/actor.js';
import { FACES } from '../../src/admin/actor.js';
import { COMMANDS } from '../../src/admin/cli-commands.js';
import { ROUTES } from '../../src/admin/http/routes.js';
import { TOOLS } from '../../src/admin/mcp/tools.js';
import { LEFT_OUT, OPERATIONS } from '../../src/admin/operations.js';

const DOORS: Readonly<Record<Face, readonly unknown[]>> = {
  http: ROUTES.map(({ operation }) => operation),
  mcp: TOOLS.map(({ operation }) => operation),
  cli: COMMANDS.map(({ operation }) => operation),
};

describe.each(FACES)('%s', (face) => {
  test.each(Object.entries(OPERATIONS))('has a door for %s, or a reason for none', (key, one) => {
    const left = LEFT_OUT.find((row) => row.face === face && row.operation === key);
    expect(DOORS[face].includes(one)).toBe(left === undefined);
    if (left !== undefined) expect(left.reason).toMatch(/\w+ \w+/);
  });
});

test('no two operations share a name', () => {
  const names = Object.values(OPERATIONS).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
