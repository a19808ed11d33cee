// Addresses to listen on: where a process listens, and where others find it.
import { expect, test } from 'vitest';
import { reachableUrl, splitListen } from '../src/listen.js';

test.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }, 'http://127.0.0.1:9464'],
  ['localhost:1', { host: 'localhost', port: 1 }, 'http://localhost:1'],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }, 'http://worker-7:9464'],
  ['[::]:9464', { host: '::', port: 9464 }, 'http://worker-7:9464'],
  ['[::1]:9464', { host: '::1', port: 9464 }, 'http://[::1]:9464'],
])('%s', (listen, address, url) => {
  expect(splitListen(listen)).toEqual(address);
  expect(reachableUrl(listen, 'worker-7')).toBe(url);
});
