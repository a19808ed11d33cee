// Shows the steps of a start as they go on: a live list on a terminal, one line each elsewhere.
// All of it on standard error; standard output is for what a command answers.
import { Listr, type ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } from 'listr2';

export interface Step {
  readonly title: string;
  /** What is under way already; its value is shown when it is done. */
  readonly done: Promise<string>;
}

export interface Progress {
  /** Shows steps until all are done; never throws for them, their owner does. */
  show(steps: readonly Step[]): Promise<void>;
  say(text: string): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const say = (text: string): void => void stream.write(`${text}\n`);
  return {
    say,
    show: stream.isTTY ? (steps) => showLive(steps, stream) : (steps) => showLines(steps, say),
  };
}

async function showLive(steps: readonly Step[], stream: NodeJS.WriteStream): Promise<void> {
  const tasks = steps.map(({ title, done }) => ({
    title,
    task: async (_: unknown, task: { title: string | undefined }) => {
      task.title = `${title}  ${await done}`;
    },
  }));
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: 'default',
    rendererOptions: {
      collapseErrors: false,
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        useIcons: true,
        toStderr: [],
        processOutput: new ProcessOutput(stream, stream),
      }),
    },
  });
  await list.run();
}

async function showLines(steps: readonly Step[], say: (text: string) => void): Promise<void> {
  const began = performance.now();
  const lines = steps.map(async ({ title, done }) => {
    const value = await done.catch(() => undefined);
    if (value !== undefined) say(`ready after ${seconds(began)} s: ${title}  ${value}`);
  });
  await Promise.all(lines);
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
