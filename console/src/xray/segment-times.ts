import { isRecord } from '../json.ts';
import { toSeconds } from '../times.ts';

type Document = Readonly<Record<string, unknown>>;

/**
 * Returns a document with its times, and those of its subsegments, in seconds, whatever unit they are in. An
 * end that is no time is removed, and a subsegment's start is then that of its parent. Documents in seconds,
 * which nearly all are, are returned as they are.
 */
export function correctTimes<T extends Document>(document: T, parentStart?: number): T {
  const start = correct(document.start_time) ?? parentStart;
  const end = correct(document.end_time);
  const subsegments = correctAll(document.subsegments, start);
  const isSame =
    start === document.start_time && end === document.end_time && subsegments === document.subsegments;
  if (isSame) return document;
  const { end_time: _, ...rest } = document;
  return {
    ...rest,
    start_time: start,
    ...(end !== undefined && { end_time: end }),
    ...(subsegments !== undefined && { subsegments }),
  } as unknown as T;
}

/** Leaves a value that is no number to those who read it. */
function correct(time: unknown): number | undefined {
  return typeof time === 'number' ? toSeconds(time) : (time as undefined);
}

function correctAll(subsegments: unknown, start: number | undefined): unknown {
  if (!Array.isArray(subsegments)) return subsegments;
  const corrected = subsegments.map((each) => (isRecord(each) ? correctTimes(each, start) : each));
  return corrected.every((each, index) => each === subsegments[index]) ? subsegments : corrected;
}
