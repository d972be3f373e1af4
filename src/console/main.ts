import { enableCompileCache } from 'node:module';

// Before anything else is loaded: it halves the time until the console is ready.
enableCompileCache();
const { runConsole } = await import('./run-console.ts');
await runConsole();
