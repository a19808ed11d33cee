// What every service of the stack has in common, and what it is given to start with.
import type { Provided } from '../components/component.js';
import type { ManagedProcess } from '../processes/managed-process.js';
import type { ProcessLedger } from '../processes/process-ledger.js';

export interface Service {
  readonly name: string;
  /** Where clients find it. */
  readonly url: string;
  /** Undefined for one that ran already and is only used. */
  readonly process?: ManagedProcess;
  stop(): Promise<void>;
}

export interface ServicePlace {
  /** Where clients will find it. */
  readonly url: string;
  /** Where its data stay from one start to the next. */
  readonly data: string;
  readonly logs: string;
  readonly ledger: ProcessLedger;
}

export type ProvidedProgram = Extract<Provided, { kind: 'program' }>;

/** A service that somebody else runs. */
export function foreignService(name: string, url: string): Service {
  return { name, url, stop: async () => {} };
}

export function managedService(name: string, url: string, process: ManagedProcess): Service {
  return {
    name,
    url,
    process,
    stop: async () => void (await process.stop()),
  };
}
