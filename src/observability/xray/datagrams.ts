import type { SegmentDocument } from './document.ts';

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html */
const HEADER = '{"format":"json","version":1}\n';

/** The daemon reads datagrams of up to 64 kB. A little less leaves room for the fields that it adds. */
const MAX_DATAGRAM_BYTES = 64_000;

/** The bytes that a document sent alone needs besides its own fields: header, parent id, list of children. */
const ENVELOPE_BYTES = 200;

/** A document as datagrams, with the parts that had to be left out. */
export interface Datagrams {
  readonly datagrams: readonly string[];
  /** One sentence per document that lost its metadata. */
  readonly trimmed: readonly string[];
  /** One sentence per document that could not be sent at all. */
  readonly lost: readonly string[];
}

/**
 * Converts a document to datagrams for the daemon. A document too large for one datagram is divided without
 * loss: as many of its subsegments as fit stay inside, the others are sent as documents of their own. A
 * single document that is still too large, or cannot be written as JSON, loses its metadata first.
 */
export function toDatagrams(document: SegmentDocument): Datagrams {
  const whole = tryStringify(document);
  if (whole !== undefined) {
    const datagram = HEADER + whole;
    if (Buffer.byteLength(datagram) <= MAX_DATAGRAM_BYTES) {
      return { datagrams: [datagram], trimmed: [], lost: [] };
    }
  }
  return divide(document);
}

function divide(root: SegmentDocument): Datagrams {
  const datagrams: string[] = [];
  const trimmed: string[] = [];
  const lost: string[] = [];
  const traceId = root.trace_id;

  /** Returns the document with the children that fit inside, and adds a datagram for each of the others. */
  function pack(document: SegmentDocument): string | undefined {
    const { subsegments = [], ...own } = document;
    const text = stringifyOwn(own, trimmed);
    if (text === undefined) lost.push(`${own.name}: too large for a datagram, even without its metadata`);
    let room = text === undefined ? 0 : MAX_DATAGRAM_BYTES - ENVELOPE_BYTES - Buffer.byteLength(text);
    const inside: string[] = [];
    for (const child of subsegments) {
      const childText = pack(child);
      if (childText === undefined) continue;
      const bytes = Buffer.byteLength(childText) + 1;
      if (bytes <= room) {
        inside.push(childText);
        room -= bytes;
      } else {
        const place = JSON.stringify({ type: 'subsegment', trace_id: traceId, parent_id: document.id });
        datagrams.push(`${HEADER}${place.slice(0, -1)},${childText.slice(1)}`);
      }
    }
    if (text === undefined || inside.length === 0) return text;
    return `${text.slice(0, -1)},"subsegments":[${inside.join(',')}]}`;
  }

  const text = pack(root);
  if (text !== undefined) datagrams.unshift(HEADER + text);
  return { datagrams, trimmed, lost };
}

/**
 * Returns one document's own fields in JSON, if need be without metadata; undefined when that is not enough.
 */
function stringifyOwn(own: SegmentDocument, trimmed: string[]): string | undefined {
  const limit = MAX_DATAGRAM_BYTES - ENVELOPE_BYTES;
  const text = tryStringify(own);
  if (text !== undefined && Buffer.byteLength(text) <= limit) return text;
  if (own.metadata === undefined) return undefined;
  const { metadata: _, ...rest } = own;
  const shorter = tryStringify(rest);
  if (shorter === undefined || Buffer.byteLength(shorter) > limit) return undefined;
  trimmed.push(`${own.name}: metadata left out, ${text === undefined ? 'not JSON' : 'too large'}`);
  return shorter;
}

/** Returns undefined for a document with cycles or a `toJSON` that throws. BigInts become strings. */
function tryStringify(document: SegmentDocument): string | undefined {
  try {
    return JSON.stringify(document);
  } catch {
    try {
      return JSON.stringify(document, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    } catch {
      return undefined;
    }
  }
}
