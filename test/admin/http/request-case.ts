// One request to the HTTP face and what it must be answered with, its documentation included.
import type { InjectOptions } from 'fastify';
import { expect } from 'vitest';
import { problemSchema } from '../../../src/admin/http/problem.js';
import { undocumented } from './documented.js';
import type { Face } from './face.js';

export type Request = InjectOptions;

export interface Case {
  readonly what: string;
  readonly request: Request;
  readonly status: number;
  readonly says: RegExp;
}

export const post = (
  url: string,
  payload: unknown,
  headers: Record<string, string> = {},
): Request => ({
  method: 'POST',
  url,
  payload: JSON.stringify(payload),
  headers: { 'content-type': 'application/json', ...headers },
});
export const get = (url: string, headers: Record<string, string> = {}): Request => ({
  url,
  headers,
});

export async function check(face: Face, { request, says, status }: Case): Promise<void> {
  const answer = await face.app.inject(request);
  expect(answer.statusCode).toBe(status);
  expect(answer.body).toMatch(says);
  expect(answer.headers['x-request-id']).toMatch(/^[\w.-]+$/);
  const told = {
    method: request.method ?? 'GET',
    url: String(request.url),
    status,
    contentType: String(answer.headers['content-type']),
    body: answer.body,
  };
  expect(undocumented(told)).toEqual([]);
  if (status < 400) return;
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problemSchema.parse(answer.json()).status).toBe(status);
}
