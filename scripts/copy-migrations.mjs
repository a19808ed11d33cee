// What the compiler leaves behind: the SQL migrations beside the adapters that run them.
import { cpSync } from 'node:fs';

cpSync('src/adapters/migrations', 'dist/adapters/migrations', { recursive: true });
