// Real programs of the monitoring for cases: what may be missing on a developer's machine, where
// the cases are then skipped, is a failure in CI.
import { type ComponentName, ComponentUnavailableError } from '../../stack/components/component.js';
import { provide } from '../../stack/infrastructure.js';
import type { ProvidedProgram } from '../../stack/services/service.js';

export async function programForCases(name: ComponentName): Promise<ProvidedProgram | undefined> {
  const report = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    const provided = await provide(name, { environment: process.env, report });
    return provided.kind === 'program' ? provided : undefined;
  } catch (error) {
    const isTolerable = error instanceof ComponentUnavailableError && (process.env.CI ?? '') === '';
    if (!isTolerable) throw error;
    report(`${error.message}. Cases that need it are skipped.`);
    return undefined;
  }
}
