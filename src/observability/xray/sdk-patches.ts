import { randomBytes } from 'node:crypto';
import { normaliseStack } from '../stack-frames.ts';
import { createRandomHex } from '../tracing/trace-ids.ts';
import type { XRaySdk } from './sdk.ts';

const MAX_MESSAGE_LENGTH = 2000;
const MAX_FRAMES = 50;

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors */
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
 * Makes the SDK keep whole frames of every error that it captures, on segments and subsegments. Its own parser cuts a
 * place at the first colon, which leaves nothing of `file:///…` and `node:…`, and at spaces. The error stays as it is.
 */
export function patchStackParsing({ CapturedException }: Pick<XRaySdk, 'CapturedException'>): void {
  CapturedException.prototype.init = function (this: CapturedException, error, remote = false) {
    const { message, name, stack } = describe(error);
    const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
    this.message = message.slice(0, MAX_MESSAGE_LENGTH);
    this.type = name;
    this.remote = remote;
    this.id = randomBytes(8).toString('hex');
    this.stack = lines.slice(0, MAX_FRAMES).map(toFrame);
    if (lines.length > MAX_FRAMES) this.truncated = lines.length - MAX_FRAMES;
  };
}

/** `stack` is without the message, which may have lines that look like frames. */
function describe(error: unknown): { message: string; name: string; stack: string } {
  try {
    if (!(error instanceof Error)) return { message: String(error), name: '', stack: '' };
    const { message, name, stack = '' } = error;
    const at = stack.indexOf(message);
    return {
      message: String(message),
      name: String(name),
      stack: normaliseStack(at < 0 ? stack : stack.slice(at + message.length)),
    };
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

/** What the SDK sets on a new subsegment. */
interface NewSubsegment {
  id: string;
  name: string;
  start_time: number;
  in_progress: boolean;
  counter: number;
  notTraced: boolean;
}

/**
 * Takes the dearest detours out of a sampled request, a third of its cost. Each id was a draw of its own from the
 * system, the trace id one that was thrown away; and the segment was copied before it was sent.
 */
export function patchForSpeed({ core, emitter, TraceId }: XRaySdk): void {
  const randomHex = createRandomHex();
  const { Segment, SegmentUtils, Subsegment } = core;

  // The one who calls it has checked the id.
  TraceId.FromString = (root) => new TraceId(root.slice(2, 10), root.slice(11));

  Object.assign(Subsegment.prototype, {
    init(this: NewSubsegment, name: string) {
      this.id = randomHex(8);
      this.name = name;
      this.start_time = SegmentUtils.getCurrentTime();
      this.in_progress = true;
      this.counter = 0;
      this.notTraced = false;
    },
  });

  Segment.prototype.flush = function () {
    if (this.notTraced !== true) emitter.send(this);
  };
}
