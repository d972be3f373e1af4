import type { IncomingMessage } from 'node:http';

/** The authority without user information, and the rest. */
const ABSOLUTE_FORM = /^https?:\/\/(?:[^/?#]*@)?([^/?#@]+)(.*)$/is;

/**
 * Rewrites a request target in absolute form (RFC 9112, section 3.2.2) to its origin form, and `Host` to its
 * authority. `OPTIONS` without a path becomes `OPTIONS *` (section 3.2.4). Any other target stays as it is.
 */
export function toOriginForm(request: IncomingMessage): void {
  const { url = '' } = request;
  if (url.startsWith('/')) return;
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(url) ?? [];
  if (authority === undefined) return;
  request.headers.host = authority;
  if (rest === '' && request.method === 'OPTIONS') request.url = '*';
  else request.url = rest.startsWith('/') ? rest : `/${rest}`;
}
