import { isRecord, parseJson } from '../json.ts';

/** The fields of a log event whose message is a JSON object; undefined for any other message, and for one nested beyond reason. */
export function parseLogFields(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const fields = parseJson(message);
    return isRecord(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
