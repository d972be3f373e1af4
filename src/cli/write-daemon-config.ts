/**
 * `node src/cli/write-daemon-config.ts FILE` writes the X-Ray daemon's `cfg.yaml`, the only place from which
 * the daemon reads the address of X-Ray's API. JSON is valid YAML. Without credentials or an endpoint for
 * AWS, the daemon sends to `TELEMETRY_FALLBACK_URL`.
 */
import { writeFileSync } from 'node:fs';
import { orExit, readConfigWithoutDatabase } from '../config/config.ts';
import { loadEnvironment } from '../config/loading/load-environment.ts';

loadEnvironment();
const { xrayApi } = orExit(readConfigWithoutDatabase);
const config = { Version: 2, Region: xrayApi.region, Endpoint: xrayApi.endpoint };
writeFileSync(process.argv[2] ?? '/dev/stdout', `${JSON.stringify(config)}\n`);
