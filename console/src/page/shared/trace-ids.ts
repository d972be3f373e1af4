const ROOT = /(?:^|root=)1-([0-9a-f]{1,8})(?:-([0-9a-f]{0,24}))?/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{1,32})(?:-|$)/i;

/** Formats a trace id of 32 hex digits as X-Ray does: `1-8-24`. */
export function xrayForm(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}

/**
 * Returns the hex digits of a trace id or of its first part, in any format: 32 digits, a UUID, X-Ray's
 * `1-8-24`, and the headers `X-Amzn-Trace-Id` and `traceparent`. Returns any other text trimmed, in lower
 * case.
 */
export function hexDigits(text: string): string {
  const id = text.trim().toLowerCase();
  const xray = ROOT.exec(id);
  if (xray) return `${xray[1]}${xray[2] ?? ''}`;
  if (UUID.test(id)) return id.replaceAll('-', '');
  return TRACEPARENT.exec(id)?.[1] ?? id;
}

/** Whether a text is a whole trace id, in any format. */
export function isWholeId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(hexDigits(text));
}
