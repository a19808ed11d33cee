// Completion for bash, zsh and fish, written out from the tree of commands.
import { type CommandNode, type KnownWords, partsOf, type Values, valuesOf } from './completion.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, tree: CommandNode, known: KnownWords): string {
  switch (shell) {
    case 'bash':
      return bashScript(tree, known);
    case 'zsh':
      // zsh has bash's way to complete built in.
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(tree, known)}`;
    case 'fish':
      return fishScript(tree, known);
  }
}

function allNodes(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.below.flatMap(allNodes)];
}

/** Every long option of a node with what follows it. */
function optionsOf(node: CommandNode, known: KnownWords) {
  return [{ flags: '--help', meaning: 'show its help' }, ...node.options].map((option) => {
    const { name, value } = partsOf(option);
    const values = value === undefined ? undefined : valuesOf(node, value, name, known);
    return { name, meaning: option.meaning, values };
  });
}

function argumentWords(node: CommandNode, known: KnownWords): readonly string[] {
  const [first] = node.arguments;
  if (first === undefined) return [];
  const values = valuesOf(node, first, node.command?.positionals[0] ?? first, known);
  return values.kind === 'words' ? values.words : [];
}

function bashScript(tree: CommandNode, known: KnownWords): string {
  const nodes = allNodes(tree);
  const steps = nodes.flatMap(({ words }) => (words === '' ? [] : [bashText(words)]));
  const behind = nodes.flatMap((node) =>
    optionsOf(node, known).flatMap(({ name, values }) =>
      values === undefined
        ? []
        : [`    ${bashText(`${node.words} --${name}`)}) ${bashValues(values)} ;;`],
    ),
  );
  const here = nodes.map((node) => {
    const words = [
      ...node.below.map(({ words: all }) => all.split(' ').at(-1) ?? ''),
      ...argumentWords(node, known),
      ...optionsOf(node, known).map(({ name }) => `--${name}`),
    ];
    return `    ${bashText(node.words)}) words=${bashText(words.join(' '))} ;;`;
  });
  return [
    '# Completion of `canary`, written by `canary completion`.',
    '_canary() {',
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"`,
    "  local node='' words='' i next",
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    next="\${node:+$node }\${COMP_WORDS[i]}"`,
    '    case "$next" in',
    `      ${steps.join('|')}) node="$next" ;;`,
    '    esac',
    '  done',
    '  COMPREPLY=()',
    '  case "$node $prev" in',
    ...behind,
    '  esac',
    '  case "$node" in',
    ...here,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -F _canary canary',
  ].join('\n');
}

function bashValues(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W ${bashText(values.words.join(' '))} -- "$cur")); return`;
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$cur")); return';
    case 'any':
      return 'return';
  }
}

function bashText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishScript(tree: CommandNode, known: KnownWords): string {
  const nodes = allNodes(tree);
  const steps = nodes.flatMap(({ words }) => (words === '' ? [] : [fishText(words)]));
  const lines = nodes.flatMap((node) => {
    const at = `complete -c canary -n ${fishText(`__canary_at ${fishText(node.words)}`)}`;
    const words = argumentWords(node, known);
    return [
      ...node.below.map(
        ({ summary, words: all }) =>
          `${at} -a ${fishText(all.split(' ').at(-1) ?? '')} -d ${fishText(summary)}`,
      ),
      ...(words.length === 0 ? [] : [`${at} -a ${fishText(words.join(' '))}`]),
      ...optionsOf(node, known).map(
        ({ meaning, name, values }) =>
          `${at} -l ${name} ${fishValues(values)}-d ${fishText(meaning)}`,
      ),
    ];
  });
  return [
    '# Completion of `canary`, written by `canary completion`.',
    'function __canary_at',
    "    set -l node ''",
    '    for word in (commandline -opc)[2..]',
    '        set -l next (string trim -- "$node $word")',
    `        contains -- "$next" ${steps.join(' ')}; and set node "$next"`,
    '    end',
    '    test "$node" = "$argv[1]"',
    'end',
    'complete -c canary -f',
    ...lines,
  ].join('\n');
}

function fishValues(values: Values | undefined): string {
  switch (values?.kind) {
    case undefined:
      return '';
    case 'words':
      return `-x -a ${fishText(values.words.join(' '))} `;
    case 'file':
      return '-r -F ';
    case 'any':
      return '-x ';
  }
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
