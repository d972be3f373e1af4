import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { context, propagation } from '@opentelemetry/api';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proxyTrust } from '../../../src/observability/proxy-trust.ts';
import { RequestContextManager } from '../../../src/observability/tracing/context-manager.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';
import { traceRequests } from '../../../src/observability/tracing/trace-requests.ts';

function startProvider() {
  const exporter = new InMemorySpanExporter();
  const { idGenerator } = createTraceIds();
  return {
    exporter,
    provider: new TracerProvider({ idGenerator, spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  };
}

/** The instrumentations as they come, each span that they make of one request, beside ours. */
const theirs = startProvider();
const ours = startProvider();
const server = http.createServer();

beforeAll(async () => {
  context.setGlobalContextManager(new RequestContextManager().enable());
  propagation.setGlobalPropagator(createTraceIds().propagator);
  const instrumentation = new HttpInstrumentation({
    enabled: false,
    disableOutgoingRequestInstrumentation: true,
  });
  const { instrumentationName, instrumentationVersion } = instrumentation;
  for (const [each, module] of [
    [instrumentation, http],
    [new ExpressInstrumentation({ enabled: false }), express],
  ] as const) {
    each.setTracerProvider(theirs.provider);
    for (const definition of each.getModuleDefinitions())
      if (definition.name !== 'https') definition.patch?.(module);
  }
  // Last, and so around theirs, whose context the route has to find.
  traceRequests(ours.provider.getTracer(instrumentationName, instrumentationVersion), proxyTrust(false));
  const app = express();
  const router = express.Router();
  router.get('/items/:id', (_request, response) => void response.status(201).json({}));
  app.use('/mounted', router);
  app.all('/found/:id', (_request, response) => void response.send('found'));
  app.get('/moved', (_request, response) => response.redirect('/found/1'));
  app.get('/refused', (_request, response) => void response.status(422).end());
  app.get('/failed', () => {
    throw new Error('failed');
  });
  app.get('/unavailable', (_request, response) => void response.status(503).end());
  app.use(
    (_error: unknown, _request: unknown, response: express.Response, _next: unknown) =>
      void response.status(500).end(),
  );
  server.on('request', app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

/** What a span says, apart from its id and its times. */
function contentOf(span: ReadableSpan) {
  const { name, kind, attributes, status, events, links, instrumentationScope } = span;
  const parent = span.parentSpanContext?.spanId;
  return { name, kind, attributes, status, events, links, parent, instrumentationScope };
}

async function spansOf(head: string) {
  theirs.exporter.reset();
  ours.exporter.reset();
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head.replaceAll('\n', '\r\n')}\r\nConnection: close\r\n\r\n`);
  await text(socket);
  const serverSpans = () =>
    [theirs, ours].map(({ exporter }) =>
      exporter.getFinishedSpans().filter(({ instrumentationScope: { name } }) => name.endsWith('-http')),
    );
  await expect.poll(() => serverSpans().flat()).toHaveLength(2);
  return serverSpans().map(([span]) => contentOf(span as ReadableSpan));
}

it.each([
  'GET /found/1 HTTP/1.1\nHost: localhost',
  'GET /found/1?limit=2&before=x HTTP/1.1\nHost: localhost:4567\nUser-Agent: test/1',
  'HEAD /found/1 HTTP/1.1\nHost: localhost',
  'GET /found/1 HTTP/1.0\nHost: example.com',
  'POST /found/1 HTTP/1.1\nHost: localhost\nContent-Length: 0',
  'PROPFIND /found/1 HTTP/1.1\nHost: localhost',
  'GET /mounted/items/7 HTTP/1.1\nHost: localhost',
  'GET /moved HTTP/1.1\nHost: localhost',
  'GET /refused HTTP/1.1\nHost: localhost',
  'GET /failed HTTP/1.1\nHost: localhost',
  'GET /unavailable HTTP/1.1\nHost: localhost',
  'GET /nothing HTTP/1.1\nHost: localhost',
  'GET /found/1 HTTP/1.1\nHost: localhost\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
])('the span of %j is that of the unchanged instrumentations', async (head) => {
  const [expected, actual] = await spansOf(head);
  expect(actual).toEqual(expected);
});
