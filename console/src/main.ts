import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// What makes room in the journal would else wait as garbage, until the process has twice the memory that it needs.
setFlagsFromString('--heap-growing-percent=30');
setFlagsFromString('--semi-space-growth-factor=1');
// Before anything else is loaded: it halves the time until the console is ready.
enableCompileCache();
const { runConsole } = await import('./run-console.ts');
await runConsole();
