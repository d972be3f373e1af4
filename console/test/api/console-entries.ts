import type { Entry } from '../../src/journal/entries.ts';

const START = 1_700_000_000_000;

/** Returns a trace id made from a number. */
export function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, '0').replace(/^0/, '1');
}

interface ServerSpan {
  readonly method?: string;
  readonly route?: string;
  readonly path?: string;
  readonly status?: number;
  readonly durationMs?: number;
}

/** Returns a server span. Each number is a trace of its own, one second after the previous number. */
export function serverSpan(number: number, about: ServerSpan = {}): Entry {
  const { method = 'GET', route = '/orders', path = route, status = 200, durationMs = 5 } = about;
  const traceId = traceIdOf(number);
  return {
    kind: 'span',
    traceId,
    receivedAt: START + number * 1000,
    span: {
      traceId,
      spanId: traceId.slice(16),
      name: `${method} ${route}`,
      kind: 'server',
      startTime: START + number * 1000,
      durationMs,
      status: { code: status >= 500 ? 'error' : 'unset' },
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'url.path': path,
        'http.response.status_code': status,
      },
      events: [],
      links: [],
      scope: { name: 'orders' },
      resource: { 'service.name': 'shop' },
    },
  };
}

/** Returns a log line of the request with this number. */
export function logLine(number: number, message: string): Entry {
  const log = { group: 'shop', stream: 'web', timestamp: START + number * 1000, message };
  return { kind: 'log', traceId: traceIdOf(number), receivedAt: START + number * 1000, log };
}

/** Returns the segment, with one subsegment, of the request with this number. */
export function segment(number: number, name: string, subsegment: string): Entry {
  const traceId = traceIdOf(number);
  const start_time = START / 1000 + number;
  return {
    kind: 'segment',
    traceId,
    receivedAt: START + number * 1000,
    segment: {
      id: traceId.slice(16),
      trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
      name,
      start_time,
      end_time: start_time + 0.005,
      subsegments: [{ id: 'aaaaaaaaaaaaaaaa', name: subsegment, start_time, end_time: start_time + 0.004 }],
    },
  } as Entry;
}

/** Returns an error report of the request with this number. */
export function report(number: number, message: string): Entry {
  const traceId = traceIdOf(number);
  const item = {
    level: 'error',
    timestamp: START / 1000 + number,
    body: { trace: { exception: { class: 'TypeError', message } } },
  };
  return { kind: 'error', traceId, receivedAt: START + number * 1000, item };
}
