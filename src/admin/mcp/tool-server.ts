// One MCP server for one caller, built from the table of tools over the table of operations. Who
// may not use a tool is not shown it, and is refused it all the same.
import { type CallToolResult, Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { mayRun } from '../../domain/role.js';
import type { Actor } from '../actor.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { invoke, mayAct, type Operation } from '../operation.js';
import { toolAnswer, toolError } from './tool-answer.js';
import { TOOLS, type Tool } from './tools.js';

export interface ToolServerOptions {
  readonly deps: AdminDependencies;
  readonly actor: Actor;
  readonly version: string;
  /** A mistake of our own; its words are for the log. */
  readonly onDefect: (error: unknown, tool: string) => void;
}

const INSTRUCTIONS = [
  'The canary reactor moves real tokens over every path of a multi-ledger platform and audits',
  'the supply. Begin with canary_getStatus; canary_explain says why a test failed. Times are',
  'UTC, amounts are AVT as text, a name ending in `Ms` counts milliseconds, and an absent key',
  'is not known. A tool that does more than read takes an `idempotencyKey`: repeated under it,',
  'it answers again and does nothing again.',
].join(' ');

export function createToolServer(options: ToolServerOptions): Server {
  const { actor, version } = options;
  const server = new Server(
    { name: 'canary-reactor', title: 'Canary reactor', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', () => ({
    tools: TOOLS.filter(({ operation }) => mayRun(actor.role, operation.role)).map(describeTool),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    callTool(options, params.name, params.arguments ?? {}, context),
  );
  return server;
}

export function describeTool({ hints, more, name, operation, title }: Tool) {
  const needs = `Needs the right to ${operation.role}.`;
  return {
    name,
    title,
    description: [`${capital(operation.summary)}.`, more, needs].filter(Boolean).join(' '),
    inputSchema: objectSchema(z.toJSONSchema(inputOf(operation), { io: 'input' })),
    outputSchema: objectSchema(z.toJSONSchema(operation.output, { io: 'output' })),
    annotations: { title, ...hints },
  };
}

async function callTool(
  { actor, deps, onDefect }: ToolServerOptions,
  name: string,
  given: Readonly<Record<string, unknown>>,
  context: ServerContext,
): Promise<CallToolResult> {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) return toolError(`${name} is no tool; tools/list names those there are`);
  const { idempotencyKey, ...input } = given;
  if (idempotencyKey !== undefined && typeof idempotencyKey !== 'string') {
    return toolError('idempotencyKey: must be text');
  }
  try {
    const answer = await invoke(tool.operation, deps, mayAct(tool.operation) ? input : given, {
      actor,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      signal: context.mcpReq.signal,
      onProgress: progressTo(context),
    });
    return toolAnswer(tool, answer);
  } catch (error) {
    onDefect(error, name);
    return toolError('a defect of the reactor itself; its log says which');
  }
}

/** Told only where the caller has asked for it; what cannot be told any more is not missed. */
function progressTo({ mcpReq }: ServerContext): (message: string) => void {
  const progressToken = mcpReq._meta?.progressToken;
  let progress = 0;
  return (message) => {
    if (progressToken === undefined) return;
    progress += 1;
    const params = { progressToken, progress, message };
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}

const KEY = z
  .string()
  .optional()
  .describe('names this request for a day: repeated, it is not done again');

function inputOf(operation: Operation): z.ZodType {
  const { input } = operation;
  if (!(input instanceof z.ZodObject)) throw new TypeError('an input must be an object');
  return mayAct(operation) ? input.extend({ idempotencyKey: KEY }) : input;
}

/** A tool's schema is of an object, and nothing but JSON. */
const toolSchema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), z.json()).exactOptional(),
  required: z.array(z.string()).exactOptional(),
});

function objectSchema(schema: unknown): z.infer<typeof toolSchema> {
  return toolSchema.parse(JSON.parse(JSON.stringify(schema)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
