import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReadiness } from '../../src/db/readiness.ts';
import { withSegment } from '../../src/observability/segment-context.ts';
import { loadXRaySdk } from '../../src/observability/xray/sdk.ts';
import { useDatabase } from '../helpers/database/databases.ts';

const lookup = {
  summary: 'SELECT users',
  text: 'select display_name from users where handle = $1',
  values: ['worf'],
};
const failing = { summary: 'SELECT no_such_table', text: 'select * from no_such_table' };

describe('a traced query', () => {
  const db = useDatabase('postgres');
  const spans = new InMemorySpanExporter();

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
    );
  });
  beforeEach(() => spans.reset());

  const inRequest = <T>(work: () => Promise<T>) =>
    trace.getTracer('test').startActiveSpan('request', (span) => work().finally(() => span.end()));

  async function inSegment(work: () => Promise<unknown>) {
    const { Segment } = loadXRaySdk().core;
    const segment = new Segment('request');
    segment.notTraced = true;
    await context.with(withSegment(context.active(), segment), () => work().catch(() => {}));
    return JSON.parse(segment.subsegments?.[0]?.toString() ?? '{}');
  }

  it('is a client span by the database conventions, without parameter values', async () => {
    await inRequest(() => db.database.query(lookup));
    const [query, request] = spans.getFinishedSpans();
    const { hostname, port, pathname } = new URL(db.url);
    expect(query?.name).toBe('SELECT users');
    expect(query?.kind).toBe(SpanKind.CLIENT);
    expect(query?.instrumentationScope.name).toBe('cruddur.database');
    expect(query?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(query?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': pathname.slice(1),
      'db.operation.name': 'SELECT',
      'db.collection.name': 'users',
      'db.query.summary': 'SELECT users',
      'db.query.text': lookup.text,
      'server.address': hostname,
      'server.port': Number(port),
    });
  });

  it('is one span per statement inside a transaction', async () => {
    await inRequest(() =>
      db.database.transaction(async (connection) => {
        await connection.query(lookup);
        await connection.query(lookup);
      }),
    );
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual([
      'SELECT users',
      'SELECT users',
      'request',
    ]);
  });

  it('has an error status and the SQLSTATE when it fails', async () => {
    await inRequest(() => db.database.query(failing).catch(() => {}));
    const [query] = spans.getFinishedSpans();
    expect(query?.status.code).toBe(SpanStatusCode.ERROR);
    expect(query?.attributes['db.response.status_code']).toBe('42P01');
  });

  it('is no span outside a request; neither is a check of readiness', async () => {
    await db.database.query(lookup);
    await inRequest(() => createReadiness(db.database).check());
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['request']);
  });

  it('is a remote subsegment with the statement and the server, without credentials', async () => {
    const { host, pathname } = new URL(db.url);
    expect(await inSegment(() => db.database.query(lookup))).toMatchObject({
      name: 'SELECT users',
      namespace: 'remote',
      sql: {
        url: `postgresql://${host}${pathname}`,
        database_type: 'PostgreSQL',
        sanitized_query: lookup.text,
      },
    });
  });

  it('is a subsegment with a fault when it fails', async () => {
    expect(await inSegment(() => db.database.query(failing))).toMatchObject({ fault: true });
  });
});
