import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { context } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createContext } from '../../../src/context.ts';
import { jsonBody } from '../../../src/http/json-body.ts';
import { createApiServer } from '../../../src/http/server/create-server.ts';
import { createScrubber } from '../../../src/lib/scrub/scrub.ts';
import { createSinks } from '../../../src/observability/delivery/sink-counters.ts';
import { createLogger } from '../../../src/observability/logging/logger.ts';
import { startTracing } from '../../../src/observability/tracing/start.ts';
import { LIMITS_OFF } from '../limits-off.ts';
import { captureLines, type LogLine } from '../process/log-streams.ts';
import { type RollbarItem, type SegmentDocument, type Span, startReceivers } from './receivers.ts';

/** What each of the four systems has of one request. */
export interface Story {
  /** The server span. */
  readonly span: Span;
  readonly segment: SegmentDocument;
  /** The line of the access log. */
  readonly line: LogLine;
  readonly reports: readonly RollbarItem[];
  /** All spans and all log lines of the trace. */
  readonly spans: readonly Span[];
  readonly lines: readonly LogLine[];
}

export interface FourSystems {
  readonly port: number;
  /** The log lines of all requests. */
  readonly lines: readonly LogLine[];
  /** Sends the bytes of a request, with a `traceparent`, and resolves when the service has it. */
  open(head: string, options?: OpenOptions): Promise<{ readonly socket: Socket; readonly traceId: string }>;
  /**
   * Sends the bytes of a request without a body, waits for its answer, and resolves with its story with at
   * least `reports` reports.
   */
  tell(head: string, options?: OpenOptions & { reports?: number }): Promise<Story>;
  /** Resolves with the story of a trace once it is complete. */
  story(traceId: string, reports?: number): Promise<Story>;
  close(): Promise<void>;
}

interface OpenOptions {
  /** Where to connect, and from which address. */
  readonly host?: string;
  readonly localAddress?: string;
  readonly body?: string;
}

/**
 * Starts the service with all four systems, on IPv4 and IPv6, and with more routes. One at a time in a
 * process.
 */
export async function startFourSystems(
  environment: Readonly<Record<string, string>>,
  routes: Readonly<Record<string, RequestHandler>> = {},
): Promise<FourSystems> {
  const receivers = await startReceivers();
  const config = readConfig({
    ...receivers.environment,
    ...LIMITS_OFF,
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    HOST: '::',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    CLOUDWATCH_LOG_GROUP: '',
    // Room for a report of each request.
    ROLLBAR_ITEMS_PER_MINUTE: '10000',
    ...environment,
  });
  const sinks = createSinks(config);
  const tracing = await startTracing(config, sinks);
  const { stdout, lines } = captureLines();
  const logger = createLogger({
    level: 'debug',
    service: config.service.name,
    stdout,
    scrub: createScrubber(config.secrets()),
  });
  const appContext = await createContext({ config, sinks, tracing }, { logger });
  const extra = Object.entries(routes).map(([name, handler]) => {
    const [method = '', path = ''] = name.split(' ');
    return {
      method: method.toLowerCase() as 'get' | 'post',
      path,
      summary: '',
      response: z.unknown(),
      paged: false,
      handlers: method === 'POST' ? [jsonBody, handler] : [handler],
    };
  });
  const server = createApiServer(appContext, createApp(appContext, extra)).listen(0, '::');
  const arrivals = new Map<string, () => void>();
  server.prependListener('request', ({ headers }: IncomingMessage) => {
    arrivals.get(String(headers.traceparent).split('-')[1] ?? '')?.();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function open(head: string, { host = '127.0.0.1', localAddress, body = '' }: OpenOptions = {}) {
    const time = Math.floor(Date.now() / 1000).toString(16);
    const traceId = time + randomBytes(12).toString('hex');
    const socket = connect({ port, host, ...(localAddress && { localAddress }) });
    socket.on('error', () => {});
    await once(socket, 'connect');
    const arrived = new Promise<void>((resolve) => arrivals.set(traceId, resolve));
    socket.write(`${head}traceparent: 00-${traceId}-00f067aa0ba902b7-01\r\n\r\n${body}`, 'latin1');
    await arrived;
    return { socket, traceId };
  }

  async function story(traceId: string, reports = 0): Promise<Story> {
    const xrayId = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    return receivers.until(() => {
      const spans = receivers.spans().filter((span) => span.traceId === traceId);
      const span = spans.find(({ kind }) => kind === 'server');
      const segment = receivers.segments().find(({ trace_id }) => trace_id === xrayId);
      const own = lines.filter(({ trace_id }) => trace_id === traceId);
      const line = own.find((each) => 'full_path' in each);
      const reported = receivers.reports().filter(({ custom }) => Object(custom).trace_id === traceId);
      if (span === undefined || segment === undefined || line === undefined) return undefined;
      return reported.length >= reports && { span, segment, line, reports: reported, spans, lines: own };
    });
  }

  return {
    port,
    lines,
    open,
    story,
    async tell(head, options = {}) {
      const { socket, traceId } = await open(head, options);
      let answer = '';
      socket.setEncoding('latin1').on('data', (text) => {
        answer += text;
      });
      socket.end();
      await once(socket, 'close');
      // The route `/rollbar/test` reports each request that it answers.
      return story(traceId, options.reports ?? Number(answer.includes('Hello World!')));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      context.disable();
      for (const stage of appContext.stages.slice(0, 3)) {
        await Promise.all(stage.map(({ drain }) => drain(1000)));
      }
      await receivers.close();
    },
  };
}
