/** `node src/compose/write-daemon-config.ts FILE`, run to its end before the daemon starts. */
import { writeFileSync } from 'node:fs';
import { daemonConfig } from './daemon-config.ts';

writeFileSync(process.argv[2] ?? '/dev/stdout', daemonConfig(process.env));
