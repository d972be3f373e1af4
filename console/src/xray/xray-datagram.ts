import { UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asString, isRecord, parseJson } from '../json.ts';
import { keepSegments } from './segment-documents.ts';

/**
 * Adds a datagram of the X-Ray daemon's protocol to the journal: the header `{"format":"json","version":1}`,
 * a newline, and a segment or a subsegment.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
 */
export function receiveDatagram(journal: Journal, datagram: Buffer): void {
  const text = datagram.toString();
  try {
    keepSegments(journal, readPayload(text));
  } catch (error) {
    // UDP has no response, and no input may end the process.
    journal.recordUnreadable('xray', (error as Error).message, text);
  }
}

function readPayload(text: string): string {
  const end = text.indexOf('\n');
  if (end < 0) throw new UnreadableInput(400, 'no header line');
  const header = parseJson(text.slice(0, end));
  // The real daemon ignores the case of the format's name.
  if (!isRecord(header) || asString(header.format)?.toLowerCase() !== 'json' || header.version !== 1) {
    throw new UnreadableInput(400, 'the header is not {"format":"json","version":1}');
  }
  return text.slice(end + 1);
}
