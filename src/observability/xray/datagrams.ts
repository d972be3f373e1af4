import type { SegmentDocument } from './document.ts';

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html */
const HEADER = '{"format":"json","version":1}\n';

/** The daemon reads datagrams of up to 64 kB; a little less leaves room for what it adds. */
const MAX_DATAGRAM_BYTES = 64_000;

/** What a document needs besides its own fields when it travels alone: the header, its parent's id, its children. */
const ENVELOPE_BYTES = 200;

/** How a document leaves: all of it in `datagrams`, but for what the others name. */
export interface Datagrams {
  readonly datagrams: readonly Buffer[];
  /** One sentence a document that lost its metadata. */
  readonly trimmed: readonly string[];
  /** One sentence a document that could not be sent at all. */
  readonly lost: readonly string[];
}

/**
 * Makes the daemon's datagrams of a document. One too large for a datagram is divided without loss: as many of its
 * subsegments as fit stay inside, the others travel as documents of their own. A single document that is still too
 * large, or cannot be written as JSON, loses its metadata first.
 */
export function toDatagrams(document: SegmentDocument): Datagrams {
  const whole = tryStringify(document);
  if (whole !== undefined) {
    const datagram = Buffer.from(HEADER + whole);
    if (datagram.length <= MAX_DATAGRAM_BYTES) return { datagrams: [datagram], trimmed: [], lost: [] };
  }
  return divide(document);
}

function divide(root: SegmentDocument): Datagrams {
  const datagrams: Buffer[] = [];
  const trimmed: string[] = [];
  const lost: string[] = [];
  const traceId = root.trace_id;

  /** The document with the children that fit inside; sends the others. */
  function pack(document: SegmentDocument): string | undefined {
    const { subsegments = [], ...own } = document;
    const text = stringifyOwn(own, trimmed);
    if (text === undefined) lost.push(`${own.name}: fits no datagram, even without its metadata`);
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
        datagrams.push(Buffer.from(`${HEADER}${place.slice(0, -1)},${childText.slice(1)}`));
      }
    }
    if (text === undefined || inside.length === 0) return text;
    return `${text.slice(0, -1)},"subsegments":[${inside.join(',')}]}`;
  }

  const text = pack(root);
  if (text !== undefined) datagrams.unshift(Buffer.from(HEADER + text));
  return { datagrams, trimmed, lost };
}

/** One document's own fields in JSON, without its metadata if need be; `undefined` when that does not help. */
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

/** `undefined` for what JSON cannot hold: cycles, or a `toJSON` that throws. Big integers become strings. */
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
