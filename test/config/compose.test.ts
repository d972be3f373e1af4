import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Environment } from '../../src/config/environment.ts';
import { ROOT } from '../helpers/app/service.ts';

/**
 * Set by the image, files of the host, what a container has no folder for, and what Compose's database lacks.
 */
const NOT_PASSED_ON =
  /^(HOST|PORT|AWS_PROFILE|NODE_EXTRA_CA_CERTS|DATABASE_PASSWORD|DATABASE_CA_CERTIFICATE|OTEL_EXPORTER_OTLP_(CLIENT_)?(CERTIFICATE|KEY))$/;

it('docker-compose.yml passes every variable of the service on to it', () => {
  const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true });
  const passed = Object.keys(services.backend.environment);
  const names = Object.keys(Environment.shape).filter((name) => !NOT_PASSED_ON.test(name));
  expect(passed).toEqual(expect.arrayContaining(names));
});
