import { randomBytes } from 'node:crypto';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { framesOf, normaliseStack } from '../stack-frames.ts';
import { createRandomHex } from '../tracing/trace-ids.ts';
import type { SegmentEntity } from './document.ts';
import type { XRaySdk } from './sdk.ts';
import type { RequestView } from './segment/request-view.ts';

const MAX_FRAMES = 50;

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors
 */
interface CapturedException {
  message: string;
  type: string;
  remote: boolean;
  id: string;
  stack: StackFrame[];
  truncated?: number;
}

interface StackFrame {
  readonly path: string;
  readonly line?: number;
  readonly label: string;
}

/**
 * Replaces the SDK's parser of errors, for segments and subsegments. The SDK's own splits a location at
 * spaces and at the first colon, which leaves nothing of `file:///…` and `node:…`. `scrub` takes the secrets
 * out.
 */
export function patchStackParsing(
  { CapturedException }: Pick<XRaySdk, 'CapturedException'>,
  scrub: Scrub,
): void {
  CapturedException.prototype.init = function (this: CapturedException, error, remote = false) {
    const { message, name, stack } = describe(error);
    const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
    this.message = truncate(scrub(message));
    this.type = truncate(scrub(name));
    this.remote = remote;
    this.id = randomBytes(8).toString('hex');
    this.stack = lines.slice(0, MAX_FRAMES).map((line) => toFrame(scrub(line)));
    if (lines.length > MAX_FRAMES) this.truncated = lines.length - MAX_FRAMES;
  };
}

/** Returns the stack without the message. */
function describe(error: unknown): { message: string; name: string; stack: string } {
  try {
    if (!(error instanceof Error)) return { message: String(error), name: '', stack: '' };
    const { message, name } = error;
    return { message: String(message), name: String(name), stack: normaliseStack(framesOf(error)) };
  } catch {
    return { message: 'an error that cannot be read', name: 'Error', stack: '' };
  }
}

/** `    at async label (path:line:column)`, or the place alone. */
function toFrame(line: string): StackFrame {
  const text = line.trim().slice('at '.length);
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  const label = open < 0 ? 'anonymous' : text.slice(0, open);
  const place = open < 0 ? text.replace(/^async /, '') : text.slice(open + 2, -1);
  const [, path = place, position] = /^(.*?):(\d+):\d+$/.exec(place) ?? [];
  return position === undefined ? { path, label } : { path, line: Number(position), label };
}

/** The members that the SDK sets on a new segment or subsegment. */
interface NewEntity {
  id: string;
  name: string;
  start_time: number;
  end_time?: number;
  counter: number;
  trace_id?: string;
  parent_id?: string | undefined;
  service?: unknown;
  aws?: unknown;
}

/**
 * Patches the SDK's most expensive code paths. The SDK makes a system call for each id, parses the trace
 * header that `viewRequest` has composed, copies each segment before sending it and the `aws` block for the
 * name of its rule. It deletes `in_progress`, which turns the segment into a hash table; without that member,
 * an entity without an end is in progress.
 */
export function patchForSpeed({ core, middleware, emitter }: XRaySdk): void {
  const randomHex = createRandomHex();
  const { Segment, SegmentUtils, Subsegment } = core;
  const { sdkData, serviceData } = SegmentUtils as unknown as Record<'sdkData' | 'serviceData', object>;
  const aws = { xray: sdkData };
  let latest: { rule?: string; aws?: unknown } = {};

  function begin(this: NewEntity, name: string): void {
    this.id = randomHex(8);
    this.name = name;
    this.start_time = SegmentUtils.getCurrentTime();
    this.counter = 0;
  }

  function isClosed(this: NewEntity): boolean {
    return this.end_time !== undefined;
  }

  Object.assign(Subsegment.prototype, { init: begin, isClosed });
  Object.assign(Segment.prototype, {
    isClosed,
    init(this: NewEntity, name: string, traceId: string, parentId: string | undefined) {
      begin.call(this, name);
      this.trace_id = traceId;
      this.parent_id = parentId;
      this.service = serviceData;
      this.aws = aws;
    },
    setMatchedSamplingRule(this: NewEntity, rule: string) {
      if (rule !== latest.rule) latest = { rule, aws: { xray: { ...aws.xray, rule_name: rule } } };
      this.aws = latest.aws;
    },
    flush(this: SegmentEntity) {
      emitter.send(this);
    },
  });
  Object.assign(middleware, {
    processHeaders: ({ trace }: RequestView) => trace,
    middlewareLog: () => {},
  });
}
