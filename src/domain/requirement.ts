// Which stamps make a test complete, as data, and the algebra of times that evaluates it.
import type { StampName } from './stamp.js';

/** `all` is complete at its latest part, `any` at its earliest (design, decisions 1 and 2). */
export type Requirement =
  | { readonly kind: 'stamp'; readonly stamp: StampName }
  | { readonly kind: 'all'; readonly parts: readonly Requirement[] }
  | { readonly kind: 'any'; readonly parts: readonly Requirement[] };

/** The time of a stamp in epoch milliseconds, or `undefined` for never. */
export type TimeOfStamp = (stamp: StampName) => number | undefined;

export function stamp(name: StampName): Requirement {
  return { kind: 'stamp', stamp: name };
}

export function allOf(...parts: readonly Requirement[]): Requirement {
  return { kind: 'all', parts };
}

export function anyOf(...parts: readonly Requirement[]): Requirement {
  return { kind: 'any', parts };
}

/** When the requirement was met, or `undefined` for never. A missing stamp is never. */
export function timeMet(requirement: Requirement, timeOf: TimeOfStamp): number | undefined {
  if (requirement.kind === 'stamp') return timeOf(requirement.stamp);
  const times = requirement.parts.map((part) => timeMet(part, timeOf));
  const known = times.filter((time) => time !== undefined);
  if (requirement.kind === 'any') return known.length === 0 ? undefined : Math.min(...known);
  return known.length < times.length ? undefined : Math.max(...known);
}

/** The stamps whose absence keeps the requirement from being met, in the order of the table. */
export function missingStamps(requirement: Requirement, timeOf: TimeOfStamp): readonly StampName[] {
  if (timeMet(requirement, timeOf) !== undefined) return [];
  if (requirement.kind === 'stamp') return [requirement.stamp];
  return requirement.parts.flatMap((part) => missingStamps(part, timeOf));
}

/** The requirement as the contract writes it: `cf_initiated AND (a OR b)`. */
export function describeRequirement(requirement: Requirement): string {
  if (requirement.kind === 'stamp') return requirement.stamp;
  const parts = requirement.parts.map((part) =>
    part.kind === 'stamp' ? part.stamp : `(${describeRequirement(part)})`,
  );
  return parts.join(requirement.kind === 'all' ? ' AND ' : ' OR ');
}

/** Every stamp that the requirement speaks of. */
export function requiredStamps(requirement: Requirement): readonly StampName[] {
  if (requirement.kind === 'stamp') return [requirement.stamp];
  return [...new Set(requirement.parts.flatMap(requiredStamps))];
}
