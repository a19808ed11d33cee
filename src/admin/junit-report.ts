// `--junit FILE` on a command that fires a cycle and waits for it.
import { z } from 'zod';
import type { Path } from '../domain/path.js';
import { pausedPaths } from '../domain/window.js';
import type { StoredResult } from '../ports.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { type Answer, refused } from './answer.js';
import type { Command, Shown, Streamed } from './cli-command.js';
import { type CycleReport, junitDocument } from './junit-document.js';
import { answerOrAway, type Context, type StartedCycle } from './operation.js';
import { openReportFile, type ReportFile } from './report-file.js';

const askedSchema = z.looseObject({
  junit: z.string().optional(),
  wait: z.boolean().default(true),
});

/** What the command asks for, without its report. */
type Answering = (context: Context) => Promise<Answer<Shown | Streamed>>;

/**
 * The command with an option for a report. The file is opened before anything is fired, and written
 * whenever a cycle was started, also where the wait for it ended first.
 */
export function withJunit(command: Command): Command {
  const meaning = 'write the scoreboard as JUnit XML into this file';
  return {
    ...command,
    options: [...command.options, { flags: '--junit <file>', meaning }],
    async answer(deps, input, context) {
      const { junit, ...asked } = askedSchema.parse(input);
      const answering: Answering = (around) => command.answer(deps, asked, around);
      if (junit === undefined) return answering(context);
      if (!asked.wait) return refused('junit', junit, 'needs the wait: leave --no-wait out');
      const file = await openReportFile(junit);
      if ('problem' in file) return refused('junit', junit, file.problem);
      return reported(deps, file, answering, context);
    },
  };
}

async function reported(
  deps: AdminDependencies,
  file: ReportFile,
  answering: Answering,
  context: Context,
): Promise<Answer<Shown | Streamed>> {
  let started: StartedCycle | undefined;
  let text: string | undefined;
  try {
    const askedAtMs = deps.clock.nowMs();
    // As it was then: a pause may end while the cycle runs.
    const windows = await answerOrAway(async () => ({
      kind: 'done',
      value: await deps.windows.standing(askedAtMs),
    }));
    if (windows.kind !== 'done') return windows;
    const onStarted = (cycle: StartedCycle) => {
      started = cycle;
    };
    const answer = await answering({ ...context, onStarted });
    const cycle = started ?? startedBefore(answer);
    if (cycle !== undefined) {
      const { cycleId, pathIds } = cycle;
      const paths = chosenPaths(deps.config.paths, pathIds);
      const paused = pausedPaths(windows.value, paths, askedAtMs);
      const known = await resultsOf(deps, cycleId, answer);
      text = junitDocument({ cycleId, askedAtMs, paths, paused, ...known });
    }
    return answer;
  } finally {
    await (text === undefined ? file.drop() : file.put(text));
  }
}

const shownSchema = z.looseObject({ cycleId: z.string(), pathId: z.string().optional() });

/** A request that is repeated under its key tells of the cycle that it started the first time. */
function startedBefore(answer: Answer<Shown | Streamed>): StartedCycle | undefined {
  if (answer.kind !== 'done' || !('value' in answer.value)) return undefined;
  const shown = shownSchema.safeParse(answer.value.value);
  if (!shown.success) return undefined;
  const { cycleId, pathId } = shown.data;
  return { cycleId, pathIds: pathId === undefined ? [] : [pathId] };
}

function chosenPaths(paths: readonly Path[], pathIds: readonly string[]): readonly Path[] {
  return pathIds.length === 0 ? paths : paths.filter(({ id }) => pathIds.includes(id));
}

/** What is stored of a cycle; while the store is away, that is what is said of every path. */
async function resultsOf(
  deps: AdminDependencies,
  cycleId: string,
  ended: Answer<unknown>,
): Promise<Pick<CycleReport, 'results' | 'undecided'>> {
  const stored = await answerOrAway<readonly StoredResult[]>(async () => ({
    kind: 'done',
    value: await deps.results.resultsOfCycle(cycleId),
  }));
  if (stored.kind === 'done') return { results: stored.value, undecided: whyUndecided(ended) };
  return { results: [], undecided: `not known: ${messageIn(stored)}` };
}

function whyUndecided(ended: Answer<unknown>): string {
  if (ended.kind === 'done') return 'lost: its workflow ended without a result';
  return `not decided: ${messageIn(ended)}`;
}

function messageIn(answer: Answer<unknown>): string {
  return 'message' in answer ? answer.message : answer.kind;
}
