import { createRandomHex } from '../tracing/trace-ids.ts';
import type { XRaySdk } from './sdk.ts';

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
