// The components that the global setup provides are there and are the real ones.
import { expect, inject, test } from 'vitest';

test('provides', () => {
  expect(inject('postgresUrl')).toContain('postgres://');
  expect(inject('kafkaBrokers')).toHaveLength(1);
});
