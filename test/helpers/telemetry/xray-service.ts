import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { context } from '@opentelemetry/api';
import type { Segment } from 'aws-xray-sdk-core';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { createApp } from '../../../src/app.ts';
import { type ApiConfig, type Config, readConfig } from '../../../src/config/config.ts';
import { createContext } from '../../../src/context.ts';
import type { Endpoint } from '../../../src/http/endpoint.ts';
import { createApiServer } from '../../../src/http/server/create-server.ts';
import { createSinks, type SinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { requestSegment } from '../../../src/observability/segment-context.ts';
import { startTracing } from '../../../src/observability/tracing/start.ts';
import type { XRay } from '../../../src/observability/xray/xray.ts';
import { type Answer, ask } from '../network/http-client.ts';

/** No route uses the database. */
const base = readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none' });

export interface XRayServiceOptions {
  /** Ports on 127.0.0.1, or on other hosts. */
  readonly udp: number;
  readonly tcp: number;
  readonly udpHost?: string;
  readonly tcpHost?: string;
  readonly serviceName?: string;
  readonly namePattern?: string;
  readonly trustProxy?: Config['trustProxy'];
  readonly trustTraceSampling?: boolean;
  /** Adds routes besides `GET /`, which answers the `Sampling` of the request. */
  routes?(app: Record<Endpoint['method'], (path: string, handler: RequestHandler) => void>): void;
}

/** Whether X-Ray samples a request, and by which central rule. */
interface Sampling {
  readonly sampled: boolean;
  readonly rule?: string;
}

export interface XRayService {
  readonly sink: SinkCounters;
  readonly xray: XRay;
  readonly port: number;
  get(path: string, headers?: Record<string, string | string[]>): Promise<Answer>;
  /** Sends a request for `/`. */
  getSampling(headers?: Record<string, string>): Promise<Sampling>;
  /** Sends `count` requests for `/` one after the other. Resolves with the number of sampled ones. */
  countSampled(count: number): Promise<number>;
  close(): Promise<void>;
}

/** Starts the service with X-Ray alone. One at a time in a process, because the SDK's state is global. */
export async function startXRayService(options: XRayServiceOptions): Promise<XRayService> {
  const {
    udp,
    tcp,
    udpHost = '127.0.0.1',
    tcpHost = '127.0.0.1',
    trustProxy = false,
    trustTraceSampling = false,
    namePattern,
  } = options;
  const config: ApiConfig = {
    ...base,
    // Any `Host` is allowed.
    host: '0.0.0.0',
    trustProxy,
    trustTraceSampling,
    service: { name: options.serviceName ?? 'backend-express', version: '1.2.3' },
    xray: {
      daemon: { udp: { host: udpHost, port: udp }, tcp: { host: tcpHost, port: tcp } },
      namePattern,
    },
  };
  const sinks = createSinks(config);
  const tracing = await startTracing(config, sinks);
  const logger = { ...silent, drain: async () => {} };
  const appContext = await createContext({ config, sinks, tracing }, { logger });
  const { xray } = appContext;
  if (xray === undefined) throw new Error('X-Ray is off');

  const routes: Endpoint[] = [];
  const add = (method: Endpoint['method']) => (path: string, handler: RequestHandler) => {
    routes.push({ method, path, summary: '', response: z.unknown(), paged: false, handlers: [handler] });
  };
  add('get')('/', answerSampling);
  options.routes?.({ get: add('get'), post: add('post') });
  const server = createApiServer(appContext, createApp(appContext, routes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const get: XRayService['get'] = (path, headers = {}) => ask(`http://127.0.0.1:${port}${path}`, { headers });
  const getSampling: XRayService['getSampling'] = async (headers) =>
    JSON.parse((await get('/', headers)).body);

  return {
    sink: sinks.xray,
    xray,
    port,
    get,
    getSampling,
    async countSampled(count) {
      let sampled = 0;
      for (let i = 0; i < count; i++) sampled += Number((await getSampling()).sampled);
      return sampled;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      context.disable();
      await xray.drain(1000);
    },
  };
}

const ignore = () => {};
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const answerSampling: RequestHandler = (_request, response) => {
  const segment = requestSegment() as (Segment & { aws?: { xray: { rule_name?: string } } }) | undefined;
  response.json({ sampled: segment !== undefined, rule: segment?.aws?.xray.rule_name });
};

/** Returns the trace id of an answer in X-Ray's notation. */
export function traceIdOf({ headers }: Answer): string {
  return String(headers['x-amzn-trace-id']).replace('Root=', '');
}
