import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// By default, garbage of the journal would accumulate until the process has twice the memory that it needs.
setFlagsFromString('--heap-growing-percent=30');
setFlagsFromString('--semi-space-growth-factor=1');
// Must be set before other modules are loaded. It halves the start-up time.
enableCompileCache();
const { runConsole } = await import('./run-console.ts');
await runConsole();
