import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { toXRayTraceId } from '../../src/observability/amzn-trace-id.ts';
import { ROOT, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { type Answer, traceIdOf } from '../helpers/network/http-client.ts';
import type { Ended } from '../helpers/process/node-process.ts';
import { type RollbarItem, startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';

const FEEDS = 270;
const FAULTS = 30;

interface Frame {
  readonly filename: string;
  readonly code?: string;
  readonly context?: { readonly pre: string[]; readonly post: string[] };
}

interface Trace {
  readonly exception: { readonly class: string; readonly message: string };
  readonly frames: readonly Frame[];
}

describe('300 concurrent requests, 30 of them for a broken view, and then SIGTERM', async () => {
  const receivers = await startReceivers();
  const db = useDatabase('postgres');
  const services = useServices();
  // Kept connections, as those of a browser or a load balancer. None is idle for long.
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  afterAll(async () => {
    agent.destroy();
    await receivers.close();
  });
  let ended: Ended & { afterMs: number };
  let answers: Answer[];
  let feeds: Answer[];
  let faults: Answer[];

  beforeAll(async () => {
    const service = await services.start({
      ...receivers.environment,
      DATABASE_URL: db.url,
      // Room for a report of each fault, though they are alike.
      ROLLBAR_ITEMS_PER_MINUTE: '1000',
    });
    await rulesArrived(service, receivers);
    await db.database.query({
      summary: 'ALTER messages',
      text: `
        alter table messages rename to stored;
        create view messages as select * from stored where 1 / (length(message) - length(message)) > 0`,
    });
    answers = await Promise.all(
      Array.from({ length: FEEDS + FAULTS }, (_, index) =>
        service.ask(index % 10 === 0 ? '/api/messages/@worf?token=hush' : '/api/activities/home', { agent }),
      ),
    );
    ended = await service.stop();
    feeds = answers.filter(({ status }) => status === 200);
    faults = answers.filter(({ status }) => status === 500);
  });

  it('are all answered, each with its own trace id', () => {
    expect([feeds.length, faults.length]).toEqual([FEEDS, FAULTS]);
    expect(new Set(answers.map(traceIdOf)).size).toBe(FEEDS + FAULTS);
  });

  it('end with exit code 0 within 8 seconds', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.afterMs).toBeLessThan(8000);
  });

  it('have all their spans in Honeycomb', () => {
    const byTrace = Map.groupBy(receivers.spans(), ({ traceId }) => traceId);
    for (const answer of answers) expect(byTrace.get(traceIdOf(answer))).toHaveLength(3);
    expect(receivers.spans()).toHaveLength(3 * (FEEDS + FAULTS));
  });

  it('have all their segments in X-Ray', () => {
    const ids = receivers.segments().map(({ trace_id }) => trace_id);
    expect(ids.sort()).toEqual(answers.map((answer) => toXRayTraceId(traceIdOf(answer))).sort());
  });

  it('have all their lines in CloudWatch Logs', () => {
    const byTrace = Map.groupBy(receivers.logEvents(), ({ fields }) => fields.trace_id);
    for (const answer of answers) expect(byTrace.get(traceIdOf(answer))).toHaveLength(2);
  });

  it('have exactly one report in Rollbar per fault', () => {
    const ids = receivers.reports().map(({ trace_id }) => trace_id);
    expect(ids.sort()).toEqual(faults.map(traceIdOf).sort());
  });

  it('answer a fault with its id and without internal details', () => {
    for (const fault of faults) {
      expect(fault.headers['content-type']).toMatch('application/problem+json');
      expect(JSON.parse(fault.body)).toMatchObject({ status: 500, trace_id: traceIdOf(fault) });
      expect(fault.body).not.toMatch(/division|stored|select/i);
    }
  });

  it('record a fault in all four systems under the same id', () => {
    for (const id of faults.map(traceIdOf)) {
      const exception = { 'exception.message': 'division by zero' };
      expect(receivers.spans().filter((span) => span.traceId === id && span.kind === 'server')).toMatchObject(
        [
          {
            name: 'GET /api/messages/@:handle',
            status: { code: 'error' },
            attributes: { 'http.response.status_code': 500 },
            events: [{ name: 'exception', attributes: exception }],
          },
        ],
      );
      const cause = { exceptions: [{ message: exception['exception.message'] }] };
      expect(receivers.segments().filter(({ trace_id }) => trace_id === toXRayTraceId(id))).toMatchObject([
        { fault: true, subsegments: [{ fault: true, subsegments: [{ fault: true, cause }] }] },
      ]);
      const lines = receivers.logEvents().filter(({ fields }) => fields.trace_id === id);
      expect(lines.map(({ fields }) => [fields.level, fields.message])).toEqual([
        ['error', 'error: division by zero'],
        ['error', 'GET /api/messages/@worf 500'],
      ]);
    }
  });

  it('report a fault with its route, its version, and the source lines of the service', () => {
    for (const report of receivers.reports()) {
      expect(report).toMatchObject({
        level: 'error',
        context: '/api/messages/@:handle',
        code_version: packageJson.version,
        server: { root: ROOT },
        request: { method: 'GET', url: expect.stringMatching(/@worf\?token=(?!hush)/) },
      });
      const [trace] = tracesOf(report);
      expect(trace?.exception.message).toBe('division by zero');
      const ours = trace?.frames.filter(({ filename }) => filename.startsWith(join(ROOT, 'src/'))) ?? [];
      expect(ours.length).toBeGreaterThan(0);
      for (const { code, context } of ours) {
        expect(code).toBeTruthy();
        expect(context?.pre.length).toBeGreaterThan(0);
      }
    }
  });
});

function tracesOf({ body }: RollbarItem): readonly Trace[] {
  const { trace, trace_chain } = body as { trace?: Trace; trace_chain?: Trace[] };
  return trace_chain ?? (trace ? [trace] : []);
}
