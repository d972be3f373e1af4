import { UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asString, isRecord, parseJson } from '../json.ts';
import { keepSegments } from './segment-documents.ts';

/**
 * Adds a datagram of the X-Ray daemon's protocol to the journal: the header `{"format":"json","version":1}`,
 * a newline, and a segment or a subsegment. Some clients send several, a line each.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
 */
export function receiveDatagram(journal: Journal, datagram: Buffer): void {
  const text = datagram.toString();
  try {
    for (const document of documentsOf(readPayload(text))) keepSegments(journal, document);
  } catch (error) {
    // UDP has no response, and no input may end the process.
    journal.recordUnreadable('xray', (error as Error).message, text);
  }
}

/** Returns the whole payload, or its lines when each is a document or one more header. */
function documentsOf(payload: string): string[] {
  const lines = payload.split('\n').map((line) => line.trim());
  const documents = lines.filter((line) => line !== '' && !isHeader(parseOrNull(line)));
  const areLines = documents.length > 1 && documents.every((line) => line.startsWith('{'));
  return areLines && !isJson(payload) ? documents : [payload];
}

function isJson(text: string): boolean {
  return parseOrNull(text) !== null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The real daemon ignores the case of the format's name. */
function isHeader(value: unknown): boolean {
  return isRecord(value) && asString(value.format)?.toLowerCase() === 'json' && value.version === 1;
}

function readPayload(text: string): string {
  const end = text.indexOf('\n');
  if (end < 0) throw new UnreadableInput(400, 'no header line');
  if (!isHeader(parseJson(text.slice(0, end)))) {
    throw new UnreadableInput(400, 'the header is not {"format":"json","version":1}');
  }
  return text.slice(end + 1);
}
