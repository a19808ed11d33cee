// Enrolment: every pair of status and action, and what the census calls orphan and missing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AGENT_STATUSES,
  type AgentStatus,
  ENROLMENT_ACTIONS,
  stepEnrolment,
  takeCensus,
} from '../../src/registry/enrolment.js';

describe('every status and action', () => {
  const cases: readonly (readonly [AgentStatus | undefined, string, string])[] = [
    [undefined, 'enrol', 'enrolled'],
    [undefined, 'revoke', 'unknown_agent'],
    [undefined, 'restore', 'unknown_agent'],
    ['enrolled', 'enrol', 'already_exists'],
    ['enrolled', 'revoke', 'revoked'],
    ['enrolled', 'restore', 'illegal_transition'],
    ['revoked', 'enrol', 'already_exists'],
    ['revoked', 'revoke', 'illegal_transition'],
    ['revoked', 'restore', 'enrolled'],
  ];
  test('are all in the table', () => {
    expect(cases.length).toBe((AGENT_STATUSES.length + 1) * ENROLMENT_ACTIONS.length);
  });
  test.each(cases)('%s, %s -> %s', (status, action, expected) => {
    const known = ENROLMENT_ACTIONS.find((one) => one === action) ?? 'enrol';
    const step = stepEnrolment(status, known);
    expect(step.ok ? step.status : step.code).toBe(expected);
  });
});

describe('takeCensus', () => {
  test('names orphans and missing ones', () => {
    const agents = new Map<string, AgentStatus>([
      ['in order', 'enrolled'],
      ['missing', 'enrolled'],
      ['revoked', 'revoked'],
      ['revoked with entry', 'revoked'],
    ]);
    const entries = new Set(['in order', 'revoked with entry', 'nobody']);
    expect(takeCensus(agents, entries)).toEqual({
      enrolled: ['in order', 'missing'],
      revoked: ['revoked', 'revoked with entry'],
      entries: ['in order', 'revoked with entry', 'nobody'],
      orphans: ['revoked with entry', 'nobody'],
      missing: ['missing'],
    });
  });

  test('entries less orphans are the enrolled less the missing', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const agents = fc.array(fc.tuple(names, fc.constantFrom(...AGENT_STATUSES)));
    fc.assert(
      fc.property(agents, fc.array(names), (known, entries) => {
        const census = takeCensus(new Map(known), new Set(entries));
        expect(census.entries.length - census.orphans.length).toBe(
          census.enrolled.length - census.missing.length,
        );
      }),
    );
  });
});
