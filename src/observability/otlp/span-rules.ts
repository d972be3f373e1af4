import { type Attributes, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_EXCEPTION_STACKTRACE } from '@opentelemetry/semantic-conventions';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { cleanStack } from '../clean-stack.ts';

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Returns the attributes of a span; those of a failed span without the secrets in its texts. */
export function attributesOf({ attributes, status }: ReadableSpan, scrub: Scrub): Attributes {
  if (status.code !== SpanStatusCode.ERROR) return attributes;
  const scrubbed = { ...attributes };
  for (const key in scrubbed) {
    const value = scrubbed[key];
    if (typeof value === 'string') scrubbed[key] = scrub(value);
  }
  return scrubbed;
}

/** Returns a text of an event without secrets, cut to 2 kB, or to 16 kB if it is an exception's stack. */
export function eventText(key: string, value: string, message: string, scrub: Scrub): string {
  return key === ATTR_EXCEPTION_STACKTRACE ? cleanStack(value, message, scrub) : truncate(scrub(value));
}

/** Returns OTLP's flags: the W3C flags, and whether the parent or the linked span is remote. */
export function toFlags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
