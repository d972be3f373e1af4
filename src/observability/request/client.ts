import type { IncomingMessage } from 'node:http';
import { addressIn, peerAddress } from '../../lib/ip-address.ts';
import type { ProxyTrust } from '../proxy-trust.ts';

type Received = Pick<IncomingMessage, 'headers' | 'socket'>;
type Scheme = 'http' | 'https';

/** What the forwarding headers of a trusted peer state; a member is undefined if they state nothing. */
interface Forwarded {
  readonly client: string | undefined;
  readonly scheme: Scheme | undefined;
}

const NOTHING: Forwarded = { client: undefined, scheme: undefined };

/**
 * Returns the address of the client, without a port: that of the peer, or behind trusted proxies the nearest
 * one in `X-Forwarded-For` that is not trusted, as Express's `request.ip`. An entry that is no address counts
 * as the peer. Undefined when the connection closed before anything read its address.
 */
export function clientOf(request: Received, trust: ProxyTrust): string | undefined {
  const { remoteAddress } = request.socket;
  return remoteAddress && (forwardedTo(request, trust).client ?? peerAddress(remoteAddress));
}

/** Returns the scheme that the client used: the connection's, or that which a trusted proxy states. */
export function schemeOf(request: Received, trust: ProxyTrust): Scheme {
  const { socket } = request;
  const own = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http';
  return forwardedTo(request, trust).scheme ?? own;
}

/** The latest result: the span, the log line and the rate limits need it one after the other. */
let latest: Forwarded = NOTHING;
let latestHeaders: IncomingMessage['headers'] | undefined;
let latestTrust: ProxyTrust | undefined;

function forwardedTo({ headers, socket }: Received, trust: ProxyTrust): Forwarded {
  const addresses = headers['x-forwarded-for'];
  const scheme = headers['x-forwarded-proto'];
  if (addresses === undefined && scheme === undefined) return NOTHING;
  if (latestHeaders === headers && latestTrust === trust) return latest;
  latest = trust(socket.remoteAddress ?? '', 0)
    ? { client: farthestTrusted(String(addresses ?? ''), trust), scheme: schemeIn(String(scheme)) }
    : NOTHING;
  latestHeaders = headers;
  latestTrust = trust;
  return latest;
}

/** Returns the address in the first entry from the right that is not trusted, or in the last one. */
function farthestTrusted(list: string, trust: ProxyTrust): string | undefined {
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
  return addressIn(found);
}

/** A list states nothing: it could begin with the text of an outsider, to which the proxy appended. */
function schemeIn(header: string): Scheme | undefined {
  const scheme = header.trim().toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}
