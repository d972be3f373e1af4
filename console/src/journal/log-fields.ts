import { isRecord, parseJson } from '../json.ts';

/** Parses a JSON object. Returns undefined for any other message, or when it is nested too deeply. */
export function parseLogFields(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const fields = parseJson(message);
    return isRecord(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
