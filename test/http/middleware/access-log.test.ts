import { createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessLog } from '../../../src/http/middleware/access-log.ts';
import { cutResponse } from '../../../src/observability/request/disconnect.ts';
import { openLogger } from '../../helpers/process/log-streams.ts';
import { until } from '../../helpers/until.ts';

const SPAN: SpanContext = {
  traceId: '6745ab12c0ffee00c0ffee00c0ffee01',
  spanId: 'c0ffee00c0ffee02',
  traceFlags: 1,
};

const closing: (() => Promise<void>)[] = [];

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => context.disable());

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Serves an application with the access log in front of `routes`. */
async function serve(routes: (app: Express) => void, trustProxy = false) {
  const { logger, lines } = openLogger();
  let written = 0;
  const app = express();
  app.set('trust proxy', trustProxy);
  app.use((_req, res, next) => {
    res.on('close', () => setImmediate(() => (written += 1)));
    context.with(trace.setSpanContext(ROOT_CONTEXT, SPAN), next);
  });
  const counted: boolean[] = [];
  app.use(accessLog(logger, { count: (isFault) => counted.push(isFault), close: () => {} }));
  routes(app);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    /** For each request that has ended, whether it is a fault. */
    counted,
    /** Resolves with the lines when `count` requests have ended. */
    lines: async (count: number) => {
      await until(() => written === count);
      return lines();
    },
  };
}

describe('the access log', () => {
  it('has one line per request, with its trace id, and with the query in full_path only', async () => {
    const { url, lines } = await serve((app) =>
      app.get('/api/activities/home', (_req, res) => {
        res.json([]);
      }),
    );
    await request(url).get('/api/activities/home?limit=2');
    expect(await lines(1)).toEqual([
      {
        timestamp: expect.any(String),
        level: 'info',
        message: 'GET /api/activities/home 200',
        trace_id: SPAN.traceId,
        span_id: SPAN.spanId,
        xray_trace_id: '1-6745ab12-c0ffee00c0ffee00c0ffee01',
        service: 'backend-express',
        remote_addr: '127.0.0.1',
        method: 'GET',
        scheme: 'http',
        full_path: '/api/activities/home?limit=2',
        status: 200,
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it.each([
    [200, 'info'],
    [304, 'info'],
    [404, 'warn'],
    [429, 'warn'],
    [500, 'error'],
    [503, 'error'],
  ])('logs a %d at level %s', async (status, level) => {
    const { url, lines } = await serve((app) =>
      app.use((_req, res) => {
        res.sendStatus(status);
      }),
    );
    await request(url).head('/a');
    expect(await lines(1)).toMatchObject([{ level, status, message: `HEAD /a ${status}` }]);
  });

  it('measures the time until the response has ended', async () => {
    const { url, lines } = await serve((app) =>
      app.get('/', (_req, res) => {
        setTimeout(() => res.end(), 50);
      }),
    );
    await request(url).get('/');
    const [line] = await lines(1);
    expect(line?.duration_ms).toBeGreaterThan(45);
    expect(line?.duration_ms).toBeLessThan(5000);
  });

  it('shows the full path inside a mounted router', async () => {
    const { url, lines } = await serve((app) => {
      const router = express.Router().get('/b', (_req, res) => {
        res.end();
      });
      app.use('/a', router);
    });
    await request(url).get('/a/b?c=d');
    expect(await lines(1)).toMatchObject([{ message: 'GET /a/b 200', full_path: '/a/b?c=d' }]);
  });

  it('redacts secrets in the query, and keeps encoded newlines', async () => {
    const { url, lines } = await serve((app) =>
      app.use((_req, res) => {
        res.end();
      }),
    );
    await request(url).get('/a%0Ab?access_token=S3CR3T&limit=2');
    expect(await lines(1)).toMatchObject([
      { message: 'GET /a%0Ab 200', full_path: '/a%0Ab?access_token=[redacted]&limit=2' },
    ]);
  });

  it('redacts secrets in an absolute request URL', async () => {
    const { port, lines } = await serve((app) =>
      app.use((_req, res) => {
        res.end();
      }),
    );
    const socket = connect(port, '127.0.0.1');
    socket.end(
      'GET http://worf:S3CR3T@example.com/a?jwt=S3CR3T HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    const written = await lines(1);
    expect(JSON.stringify(written)).not.toContain('S3CR3T');
    expect(written).toMatchObject([{ full_path: 'http://[redacted]@example.com/a?jwt=[redacted]' }]);
  });

  it.each([
    [false, '127.0.0.1', 'http'],
    [true, '203.0.113.7', 'https'],
  ])('with trust proxy %s, logs the address %s and the scheme %s', async (trust, address, scheme) => {
    const { url, lines } = await serve(
      (app) =>
        app.use((_req, res) => {
          res.end();
        }),
      trust,
    );
    await request(url).get('/').set('X-Forwarded-For', '203.0.113.7').set('X-Forwarded-Proto', 'https');
    expect(await lines(1)).toMatchObject([{ remote_addr: address, scheme }]);
  });

  it('logs a 499 if the client disconnects before the response', async () => {
    let arrived = false;
    const { url, lines } = await serve((app) =>
      app.use(() => {
        arrived = true;
      }),
    );
    const client = get(`${url}/slow`).on('error', () => {});
    await until(() => arrived);
    client.destroy();
    expect(await lines(1)).toMatchObject([
      {
        level: 'warn',
        message: 'GET /slow 499 aborted',
        status: 499,
        aborted: true,
        remote_addr: '127.0.0.1',
        trace_id: SPAN.traceId,
      },
    ]);
  });

  it('marks the line as aborted if the client disconnects during the response', async () => {
    const { url, lines } = await serve((app) =>
      app.use((_req, res) => {
        res.write('half');
      }),
    );
    const client = get(`${url}/half`, (response) => response.on('data', () => client.destroy())).on(
      'error',
      () => {},
    );
    expect(await lines(1)).toMatchObject([
      { level: 'info', message: 'GET /half 200 aborted', status: 200, aborted: true, trace_id: SPAN.traceId },
    ]);
  });

  it('has a line for each pipelined request, in order', async () => {
    const { port, lines } = await serve((app) =>
      app.use((_req, res) => {
        res.end();
      }),
    );
    const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    connect(port, '127.0.0.1').write(line('/1') + line('/2') + line('/3'));
    expect((await lines(3)).map(({ message }) => message)).toEqual([
      'GET /1 200',
      'GET /2 200',
      'GET /3 200',
    ]);
  });

  it('counts each request once: a 5xx or a response that the service cut off is a fault', async () => {
    const { url, lines, counted } = await serve((app) =>
      app.use(({ path }, res) => {
        if (path === '/half') res.write('half');
        if (path === '/half' || path === '/none') cutResponse(res);
        else res.sendStatus(Number(path.slice(1)));
      }),
    );
    const paths = ['/200', '/404', '/500', '/503', '/none', '/half'];
    for (const path of paths)
      await request(url)
        .get(path)
        .catch(() => {});
    await request(url).head('/200');
    await lines(paths.length + 1);
    expect(counted).toEqual([false, false, true, true, true, true, false]);
  });
});
