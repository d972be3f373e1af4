import type { TraceView } from '../../../console/src/api/types.ts';
import { ask } from '../network/http-client.ts';

/** All that the console at `url` has of a trace, once that has these parts; rejects with what is missing. */
export async function waitForTrace(
  url: string,
  traceId: string,
  ...parts: readonly string[]
): Promise<TraceView> {
  const has = parts.map((part) => `&has=${encodeURIComponent(part)}`).join('');
  const { status, body } = await ask(`${url}/api/traces/${traceId}?wait=15s${has}`);
  if (status !== 200) throw new Error(body);
  return JSON.parse(body);
}
