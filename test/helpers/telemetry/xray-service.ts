import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context } from '@opentelemetry/api';
import type { Segment } from 'aws-xray-sdk-core';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { traceHeaders } from '../../../src/http/middleware/trace-headers.ts';
import { HttpError, isFault } from '../../../src/lib/errors.ts';
import { createSinkCounters, type SinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { requestSegment } from '../../../src/observability/segment-context.ts';
import { RequestContextManager } from '../../../src/observability/tracing/context-manager.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';
import { createXRay, type XRay } from '../../../src/observability/xray/xray.ts';

context.setGlobalContextManager(new RequestContextManager().enable());

export interface XRayServiceOptions {
  /** Ports on 127.0.0.1, or another host for UDP. */
  readonly udp: number;
  readonly tcp: number;
  readonly udpHost?: string;
  readonly serviceName?: string;
  readonly namePattern?: string;
  readonly trustProxy?: boolean | number | string[];
  /** Routes besides `GET /`, which answers the `Sampling` of the request. */
  routes?(app: Express): void;
}

/** Whether X-Ray samples a request, and by which central rule. */
interface Sampling {
  readonly sampled: boolean;
  readonly rule?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface XRayService {
  readonly sink: SinkCounters;
  readonly xray: XRay;
  readonly port: number;
  get(path: string, headers?: Record<string, string | string[]>): Promise<Answer>;
  /** Sends a request for `/`. */
  getSampling(headers?: Record<string, string>): Promise<Sampling>;
  /** Sends `count` requests for `/`, one after the other; resolves with how many of them were sampled. */
  countSampled(count: number): Promise<number>;
  close(): Promise<void>;
}

/** Starts an application that X-Ray watches, wired as the service wires it. One at a time in a process. */
export async function startXRayService(options: XRayServiceOptions): Promise<XRayService> {
  const { udp, tcp, udpHost = '127.0.0.1', trustProxy = false } = options;
  const sink = createSinkCounters('xray', `${udpHost}:${udp}`);
  const xray = createXRay({
    config: {
      daemon: { udp: { host: udpHost, port: udp }, tcp: { host: '127.0.0.1', port: tcp } },
      namePattern: options.namePattern,
    },
    service: { name: options.serviceName ?? 'backend-express', version: '1.2.3' },
    trustProxy,
    sink,
    logger: { debug: () => {} },
  });
  const app = express();
  app.set('trust proxy', trustProxy);
  app.use(traceHeaders(createTraceIds()), xray.openSegment);
  app.get('/', (_request, response) => {
    const segment = requestSegment() as (Segment & { aws?: { xray: { rule_name?: string } } }) | undefined;
    response.json({ sampled: segment !== undefined, rule: segment?.aws?.xray.rule_name });
  });
  options.routes?.(app);
  app.use(((error, _request, response, _next) => {
    if (isFault(error)) xray.recordFault(error);
    response.status(error instanceof HttpError ? error.status : 500).json({});
  }) as ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;

  function get(path: string, headers: Record<string, string | string[]> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.on('error', reject);
      request.end();
    });
  }

  const getSampling = async (headers?: Record<string, string>): Promise<Sampling> =>
    JSON.parse((await get('/', headers)).body);

  return {
    sink,
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
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await xray.drain(1000);
    },
  };
}

/** The trace id that an answer names, in X-Ray's notation. */
export function traceIdOf({ headers }: Answer): string {
  return String(headers['x-amzn-trace-id']).replace('Root=', '');
}
