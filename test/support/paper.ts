// What a paper of the project shows: command lines, links and files, each with its line number.

export interface Shown {
  readonly line: number;
  readonly text: string;
}

export interface Paper {
  /** Command lines in fences and code spans, without their comments; `a && b` is two. */
  readonly commands: readonly Shown[];
  /** Targets of links, as they are written. */
  readonly links: readonly Shown[];
  /** Code spans that look like a file of the project. */
  readonly files: readonly Shown[];
  /** Anchors of the headings, as GitHub makes them. */
  readonly anchors: readonly string[];
}

const COMMAND = /^(npm|npx|node|docker) /;
const FILE = /^\.?[\w-][\w.-]*(\/[\w.-]+)*\.(ts|mjs|cjs|md|ya?ml|json|sql|sh)$/;
const SPAN = /`([^`]+)`/g;
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

export function readPaper(markdown: string): Paper {
  const commands: Shown[] = [];
  const links: Shown[] = [];
  const files: Shown[] = [];
  const anchors: string[] = [];
  let fenced = false;
  for (const [index, source] of markdown.split('\n').entries()) {
    const show = (text: string): Shown => ({ line: index + 1, text });
    if (source.startsWith('```')) {
      fenced = !fenced;
      continue;
    }
    if (fenced) {
      commands.push(...commandsOf(source).map(show));
      continue;
    }
    const spans = [...source.matchAll(SPAN)].map((match) => match[1] ?? '');
    commands.push(...spans.flatMap(commandsOf).map(show));
    files.push(...spans.filter((span) => FILE.test(span)).map(show));
    const prose = source.replaceAll(SPAN, '');
    links.push(...[...prose.matchAll(LINK)].map((match) => show(match[1] ?? '')));
    const heading = /^#+ (.*)$/.exec(source)?.[1];
    if (heading !== undefined) anchors.push(anchorOf(heading));
  }
  return { commands, links, files, anchors };
}

function commandsOf(source: string): readonly string[] {
  return source
    .replace(/\s#.*$/, '')
    .split(' && ')
    .map((part) => part.trim())
    .filter((part) => COMMAND.test(`${part} `));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** The words of a command line; a placeholder such as `<test-id>` is one word. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|<[^>]*>|\S+/g)].map((match) => match[1] ?? match[0]);
}
