// What a tool answers: the value by its schema and as text, or what went wrong and what to do.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Answer, describeRefusal } from '../answer.js';
import { type Cut, fitted } from './fitted.js';
import type { Tool } from './tools.js';

/** Some 15,000 tokens of a model; with the text beside it the answer is twice as long. */
export const ANSWER_CHARACTERS_MAX = 50_000;
/** A refusal may list all that is allowed. */
const ERROR_CHARACTERS_MAX = 4_000;

export function toolAnswer(
  tool: Pick<Tool, 'less'>,
  answer: Answer<unknown>,
  charactersMax: number = ANSWER_CHARACTERS_MAX,
): CallToolResult {
  if (answer.kind !== 'done') return toolError(describeFailure(answer));
  // As JSON has it: what is undefined is absent.
  const whole: unknown = JSON.parse(JSON.stringify(answer.value));
  const fit = fitted(whole, charactersMax);
  if (fit.kind === 'too_long') {
    const bound = `the answer has ${fit.characters} characters`;
    return toolError(`${bound} and at most ${charactersMax} are sent: ${tool.less}`);
  }
  if (fit.cuts.length === 0) return shown(fit.value, []);
  const cut = fit.cuts.map(describeCut).join('; ');
  const note = `This answer is cut: ${cut}. To see the rest, ${tool.less}.`;
  return shown(withoutCursor(fit.value), [note]);
}

export function toolError(message: string): CallToolResult {
  const start = message.slice(0, ERROR_CHARACTERS_MAX);
  const text = start === message ? message : `${start} … (more is left out)`;
  return { isError: true, content: [{ type: 'text', text }] };
}

function shown(value: unknown, notes: readonly string[]): CallToolResult {
  const texts = [JSON.stringify(value), ...notes];
  return {
    content: texts.map((text) => ({ type: 'text', text })),
    structuredContent: recordOf(value),
  };
}

/** Every operation answers an object. */
function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError('an operation’s answer must be an object');
}

function describeCut({ kept, list, of }: Cut): string {
  return `${list} shows ${kept} of ${of}`;
}

/** It stands behind what was cut away, which a next page would skip. */
function withoutCursor(value: unknown): unknown {
  const { nextCursor: _nextCursor, ...rest } = recordOf(value);
  return rest;
}

function describeFailure(answer: Exclude<Answer<unknown>, { kind: 'done' }>): string {
  switch (answer.kind) {
    case 'refused':
      return `${describeRefusal(answer.refusal)}\nNothing was done; mend the field and ask again.`;
    case 'forbidden':
      return (
        `this needs the right to ${answer.needed}, which ${answer.actor} has not; ` +
        'nothing was done. Ask an operator for a token with it.'
      );
    case 'unreachable':
      return `${answer.message}\ncanary_doctor names everything that is away.`;
    case 'timed_out':
    case 'interrupted':
      return `${answer.message}\nAsk for it later by canary_getStatus; do not start it again.`;
    case 'in_progress':
      return `${answer.message}\nAsk again under the same key in a while.`;
    case 'failed':
      return answer.message;
  }
}
