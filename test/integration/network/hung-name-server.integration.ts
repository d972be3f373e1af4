import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { NAMED_SYSTEMS } from '../../helpers/telemetry/named-systems.ts';
import { until } from '../../helpers/until.ts';
import {
  type HungNameServer,
  missingForNameServer,
  startHungNameServer,
} from '../support/hung-name-server.ts';

const missing = missingForNameServer();

const CLIENTS = 10;
const DEADLINE_MS = 3000;
const ENDS_WITHIN_MS = DEADLINE_MS + 700;

describe.skipIf(missing)(`A name server that hangs${missing ? `: NOT AVAILABLE: ${missing}` : ''}`, () => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startNode = useNodeProcesses();
  let names: HungNameServer;
  beforeAll(async () => {
    names = await startHungNameServer();
  });
  afterAll(() => names.close());

  const start = (databaseHost: string) =>
    services.start(
      {
        ...NAMED_SYSTEMS,
        DATABASE_URL: db.url.replace('127.0.0.1', databaseHost),
        SHUTDOWN_DEADLINE_MS: String(DEADLINE_MS),
      },
      { within: names.within },
    );

  /** Ten at a time need more connections to the database than the start has opened. */
  async function slowestOf(service: Service, requests: number): Promise<number> {
    let slowest = 0;
    const client = async () => {
      for (let i = 0; i < requests / CLIENTS; i += 1) {
        const begun = performance.now();
        expect((await service.ask('/api/activities/home')).status).toBe(200);
        slowest = Math.max(slowest, performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return slowest;
  }

  // The second one needs a thread of libuv's pool for each connection.
  it.each(['127.0.0.1', 'localhost'])(
    'holds up neither requests, with the database at %s, nor the exit',
    async (databaseHost) => {
      const asked = names.questions();
      const service = await start(databaseHost);
      await service.ask('/rollbar/test');
      await until(() => names.questions() > asked);
      const slowestMs = await slowestOf(service, 300);
      process.stdout.write(`database at ${databaseHost}: slowest request ${Math.round(slowestMs)} ms\n`);
      expect(slowestMs).toBeLessThan(3000);
      const { honeycomb, xray, rollbar } = await service.telemetry();
      for (const { sent, queued } of [honeycomb, xray, rollbar]) {
        expect({ sent, waits: queued > 0 }).toEqual({ sent: 0, waits: true });
      }
      const { code, stderr, afterMs } = await service.stop();
      process.stdout.write(`database at ${databaseHost}: ended after ${Math.round(afterMs)} ms\n`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(afterMs).toBeLessThan(ENDS_WITHIN_MS);
      expect(service.lines().map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^honeycomb lost \d+ of \d+/),
      );
    },
  );

  it('does not hold up the doctor, which names the cause', async () => {
    const doctor = startNode([join(ROOT, 'src/cli/doctor.ts')], {
      cwd: tmpdir(),
      environment: { ...NAMED_SYSTEMS, DATABASE_URL: 'postgres://cruddur@db.cruddur.test/cruddur' },
      within: names.within,
    });
    const begun = performance.now();
    const { code, stdout, stderr } = await doctor.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^xray +fails .*no answer within 2000 ms .*fix DNS$/m);
    for (const name of ['honeycomb', 'cloudwatch', 'rollbar', 'database'])
      expect(stdout).toMatch(new RegExp(`^${name} +fails .*no name server answers: fix DNS$`, 'm'));
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('does not hold up the commands on the database', async () => {
    const begun = performance.now();
    const migrate = startNode([join(ROOT, 'src/cli/db-migrate.ts')], {
      cwd: tmpdir(),
      environment: {
        DATABASE_URL: 'postgres://cruddur@db.cruddur.test/cruddur',
        DATABASE_CONNECT_TIMEOUT_MS: '1000',
      },
      within: names.within,
    });
    expect(await migrate.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/timeout/) });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('does not hold up a second signal', async () => {
    const service = await start('127.0.0.1');
    const begun = performance.now();
    service.child.kill('SIGTERM');
    await service.printed(/"message":"SIGTERM: /);
    expect(await service.stop()).toMatchObject({ code: 143, stderr: '' });
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
