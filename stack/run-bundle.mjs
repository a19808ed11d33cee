// Runs a bundled entry as if it had been started from its source: `process.argv` names the source.
// Usage: node run-bundle.mjs <bundle> <source> [arguments]
import { pathToFileURL } from 'node:url';

const [, bundle] = process.argv.splice(1, 2);
await import(pathToFileURL(bundle).href);
