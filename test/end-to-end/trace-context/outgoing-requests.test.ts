import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toXRayTraceId } from '../../../src/observability/amzn-trace-id.ts';
import { ROOT, TELEMETRY } from '../../helpers/app/service.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';

describe('a request that the service sends', async () => {
  const receivers = await startReceivers();
  const startNode = useNodeProcesses();
  const headers = new Map<string, IncomingHttpHeaders>();
  const server = createServer((request, response) => {
    headers.set(request.url ?? '', request.headers);
    response.end('ok');
  }).listen(0, '127.0.0.1');

  beforeAll(async () => {
    if (!server.listening) await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fixture = join(ROOT, 'test/fixtures/outgoing-requests.ts');
    const { ended } = startNode([`--import=${TELEMETRY}`, fixture, `http://127.0.0.1:${port}`], {
      cwd: tmpdir(),
      environment: { ...receivers.environment, DATABASE_URL: 'postgres://127.0.0.1:1/none' },
    });
    expect(await ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
  afterAll(async () => {
    server.close();
    await receivers.close();
  });

  it.each(['/http', '/fetch'])('has a span in its use case and propagates the trace: %s', (path) => {
    const [sent] = receivers
      .spans()
      .filter(({ kind, attributes }) => kind === 'client' && JSON.stringify(attributes).includes(path));
    const useCase = receivers.spans().find(({ name }) => name === 'asking-others');
    expect(sent).toMatchObject({
      name: 'GET',
      traceId: useCase?.traceId,
      parentSpanId: useCase?.spanId,
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.full': expect.stringMatching(
          /^http:\/\/127\.0\.0\.1:\d+\/\w+\/\[redacted\]\?token=\[redacted\]$/,
        ),
      },
    });
    expect(headers.get(`${path}/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.hush?token=hush`)).toMatchObject({
      traceparent: `00-${sent?.traceId}-${sent?.spanId}-01`,
      'x-amzn-trace-id': `Root=${toXRayTraceId(String(sent?.traceId))};Parent=${sent?.spanId};Sampled=1`,
    });
  });

  it('has one span, without the secrets of its URL', () => {
    expect(receivers.spans().filter(({ kind }) => kind === 'client')).toHaveLength(2);
    expect(JSON.stringify(receivers.spans())).not.toContain('hush');
  });

  it.each(['/outside/http', '/outside/fetch'])('has no span outside of a request: %s', (path) => {
    expect(headers.get(path)).toBeDefined();
    expect(headers.get(path)).not.toHaveProperty('traceparent');
    expect(headers.get(path)).not.toHaveProperty('x-amzn-trace-id');
    expect(JSON.stringify(receivers.spans())).not.toContain(path);
  });

  it('carries no trace to the four systems', () => {
    expect(receivers.requests('otlp').length).toBeGreaterThan(0);
    for (const request of receivers.requests())
      expect(JSON.stringify(request.headers)).not.toMatch(/traceparent|tracestate|amzn-trace/i);
  });
});
