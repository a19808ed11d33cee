// What is generated is committed as it would be generated now, and says what the sources say.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { GENERATED } from '../../scripts/generate.js';
import { COMMANDS } from '../../src/admin/cli-commands.js';
import { EXIT_CODES } from '../../src/admin/exit-codes.js';
import { ENVIRONMENT, parseConfig } from '../../src/config.js';
import { configFileSchema } from '../../src/config-schema.js';

const ROOT = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');

test.each(GENERATED)('$file is fresh (npm run generate)', ({ file, content }) => {
  expect(read(file)).toBe(content());
});

describe('the pages leave nothing out', () => {
  test('docs/cli.md has every command, option and exit code', () => {
    const page = read('docs/cli.md');
    for (const { usage, options } of COMMANDS) {
      expect(page).toContain(`## ${usage.replace(/ [[<].*/, '')}\n`);
      for (const { flags } of options) expect(page).toContain(flags);
    }
    for (const { code, meaning } of Object.values(EXIT_CODES)) {
      expect(page).toContain(`| ${code} | ${meaning} |`);
    }
  });

  test('docs/configuration.md has every environment variable', () => {
    const page = read('docs/configuration.md');
    for (const { name } of ENVIRONMENT) expect(page).toContain(`| \`${name}\` |`);
  });
});

describe('canary.example.yaml', () => {
  const text = read('canary.example.yaml');

  test('is the reference set-up of 30 paths', () => {
    const config = parseConfig('canary.example.yaml', text, {});
    const counts = ['intra', 'async', '2pc'].map(
      (backend) => config.paths.filter((path) => path.backend === backend).length,
    );
    expect(counts).toEqual([6, 12, 12]);
  });

  test('shows the value that a setting has when it is left out', () => {
    const { platform, stores } = parse(text);
    const { lanes: _lanes, feeBasisPoints: _fee, ...needed } = platform;
    const least = {
      platform: {
        ...needed,
        frames: needed.frames.map(({ feed: _feed, ...frame }: { feed: string }) => frame),
      },
      stores: { postgres: stores.postgres, redis: stores.redis },
    };
    expect(configFileSchema.parse(least)).toEqual(configFileSchema.parse(parse(text)));
  });
});

describe('canary.schema.json', () => {
  const schema = z.fromJSONSchema(JSON.parse(read('canary.schema.json')));
  const example = parse(read('canary.example.yaml'));
  const cases: readonly {
    readonly what: string;
    readonly file: unknown;
    readonly fits: boolean;
  }[] = [
    { what: 'takes the example', file: example, fits: true },
    { what: 'refuses an unknown key', file: { ...example, bogus: 1 }, fits: false },
    {
      what: 'refuses a bad duration',
      file: { ...example, cycle: { interval: '1 m' } },
      fits: false,
    },
    { what: 'refuses a number as amount', file: { ...example, cycle: { amount: 1 } }, fits: false },
    { what: 'refuses an unknown level', file: { ...example, logLevel: 'loud' }, fits: false },
    { what: 'refuses a file without a platform', file: { stores: example.stores }, fits: false },
  ];
  test.each(cases)('$what', ({ file, fits }) => {
    expect(schema.safeParse(file).success).toBe(fits);
  });
});
