import { asNumber } from '../../json.ts';
import type { LogEvent } from '../entries.ts';
import { parseLogFields } from '../log-fields.ts';
import { type Finding, httpStatus, milliseconds, shortText } from './request-facts.ts';

/**
 * Reads facts about a request from a log event. A line of an access log has the fields `method`, `full_path`,
 * `status` and `duration_ms`; it is written at the end of the request.
 */
export function findInLog({ timestamp, message }: LogEvent): Finding {
  const fields = parseLogFields(message) ?? {};
  const name = shortText(fields.message) ?? shortText(message);
  const service = shortText(fields.service);
  const method = shortText(fields.method);
  const path = shortText(fields.full_path);
  if (method === undefined || path === undefined) {
    return { source: 'any', facts: { startedAt: milliseconds(timestamp), name, service }, failed: false };
  }
  const status = httpStatus(fields.status);
  const durationMs = milliseconds(asNumber(fields.duration_ms));
  return {
    source: 'accessLine',
    facts: {
      startedAt: milliseconds(timestamp - (durationMs ?? 0)),
      name,
      service,
      method,
      path,
      status,
      durationMs,
    },
    failed: (status ?? 0) >= 500,
  };
}
