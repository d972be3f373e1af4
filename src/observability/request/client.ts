import type { IncomingMessage } from 'node:http';
import { addressIn, peerAddress } from '../../lib/ip-address.ts';
import type { ProxyTrust } from './proxy-trust.ts';

type Received = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * Returns the address of the client, without a port: that of the peer, or behind trusted proxies the nearest
 * one in `X-Forwarded-For` that is not trusted, as Express's `request.ip`. An entry that is no address counts
 * as the peer. Undefined when the connection is already closed.
 */
export function clientOf({ headers, socket }: Received, trust: ProxyTrust): string | undefined {
  const { remoteAddress } = socket;
  if (remoteAddress === undefined) return undefined;
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined || !trust(remoteAddress, 0)) return peerAddress(remoteAddress);
  return addressIn(farthestTrusted(String(forwarded), trust)) ?? peerAddress(remoteAddress);
}

/** Returns the first entry from the right that is not trusted, or the last one; '' if there is none. */
function farthestTrusted(list: string, trust: ProxyTrust): string {
  let found = '';
  let hop = 0;
  for (let end = list.length; end >= 0; ) {
    const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1);
    const entry = list.slice(comma + 1, end).trim();
    end = comma;
    if (entry === '') continue;
    found = entry;
    hop += 1;
    if (!trust(entry, hop)) break;
  }
  return found;
}

/** Returns the scheme that the client used: the connection's, or that which a trusted proxy states. */
export function schemeOf({ headers, socket }: Received, trust: ProxyTrust): 'http' | 'https' {
  const forwarded = headers['x-forwarded-proto'];
  if (forwarded !== undefined && trust(socket.remoteAddress ?? '', 0)) {
    const scheme = String(forwarded).trim().toLowerCase();
    // A list could begin with the text of an outsider, to which the proxy appended.
    if (scheme === 'http' || scheme === 'https') return scheme;
  }
  return 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http';
}
