import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../helpers/databases.ts';
import { traceIdOf } from '../helpers/http-client.ts';
import { type Receivers, SAMPLE_ALL, startReceivers } from '../helpers/receivers.ts';
import { rulesArrived } from '../helpers/sampling-rules.ts';
import { type Service, useServices } from '../helpers/service.ts';
import { describePeer } from './describe-peer.ts';
import { freePort } from './free-port.ts';
import { usePeerProcesses } from './peer-process.ts';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

describePeer('xrayDaemon', 'AWS X-Ray daemon', ({ path }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startPeer = usePeerProcesses();
  let receivers: Receivers;
  let service: Service;

  beforeAll(async () => {
    receivers = await startReceivers();
    const folder = mkdtempSync(join(tmpdir(), 'cruddur-daemon-'));
    const file = join(folder, 'cfg.yaml');
    writeFileSync(file, JSON.stringify({ Version: 2, Endpoint: receivers.url, Region: 'us-east-1' }));
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    await startPeer(path, ['-o', '-c', file, '-b', address, '-t', address], { port, env: CREDENTIALS });
    service = await services.start({ DATABASE_URL: db.url, AWS_XRAY_DAEMON_ADDRESS: address });
    await rulesArrived(service, receivers);
    return () => rmSync(folder, { recursive: true });
  });
  afterAll(() => receivers.close());

  const xrayIdOfRequest = async () => {
    const traceId = traceIdOf(await service.ask('/api/activities/home'));
    return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  };

  it('passes on the segment of a request, signed', async () => {
    const id = await xrayIdOfRequest();
    const segment = await receivers.until(() => receivers.segments().find(({ trace_id }) => trace_id === id));
    expect(segment).toMatchObject({ name: 'backend-express', http: { response: { status: 200 } } });
    const put = receivers.requests('xray').find(({ path }) => path === '/TraceSegments');
    expect(put?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/us-east-1\/xray\//);
  });

  it('asks for the sampling targets, and brings the statistics of the rules', async () => {
    await receivers.until(() => receivers.sampling.statistics().length > 0, 30_000);
  });

  it('brings new rules, which are honoured', async () => {
    receivers.sampling.setRules([{ ...SAMPLE_ALL, FixedRate: 0, ReservoirSize: 0 }]);
    const unsampled = await services.start({
      DATABASE_URL: db.url,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${(await service.telemetry()).xray.destination?.split(':')[1]}`,
    });
    const asked = receivers.requests('xray').length;
    await receivers.until(() => receivers.requests('xray').length > asked);
    const before = receivers.segments().length;
    for (let i = 0; i < 20; i += 1) await unsampled.ask('/api/activities/home');
    await unsampled.stop();
    expect(receivers.segments()).toHaveLength(before);
  });
});
