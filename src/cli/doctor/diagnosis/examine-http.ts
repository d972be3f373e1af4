import type { Interpretation } from '../interpret.ts';
import { type HttpProbe, type ProbeTarget, probeHttp } from './probe-http.ts';
import { probeProtocol } from './probe-protocol.ts';

/**
 * Answers after which the address has nothing more to tell, and those of the proxy or of AWS's credentials.
 */
const NOTHING_THERE =
  /^no |no answer|within \d+ ms|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|the proxy |SSO|credentials could/;

const HTML_FROM = 'a web page answers, not the back end: ';
const PROXY_IN_THE_WAY =
  'a proxy, a login page of the network, or another service is in the way: ' +
  'sign in there, or correct the address';

/** Answers for which a page says that a gateway, not the back end, refuses. */
const OF_GATEWAYS = new Set([401, 403, 502, 503, 504, 511]);

/** Responses of servers that got HTTP where they expect TLS. */
const WANTS_TLS =
  /plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server|requires? TLS|use https/i;

/**
 * Looks at the address of a check that failed, and replaces the advice where something else than the back end
 * answers. Never rejects.
 */
export async function examineHttp(target: ProbeTarget, failed: Interpretation): Promise<Interpretation> {
  if (failed.works || NOTHING_THERE.test(failed.answer)) return failed;
  const probe = await probeHttp(target, 'POST').catch((error: Error) => error);
  const advice = probe instanceof Error ? await adviseOnNoHttp(target, probe) : adviseOn(target, probe);
  return advice === undefined ? failed : { ...failed, advice };
}

function adviseOn({ url, proxy }: ProbeTarget, probe: HttpProbe): string | undefined {
  const { status, contentType, location, body } = probe;
  const except = proxy ? `, or add ${new URL(url).hostname} to NO_PROXY` : '';
  if (status >= 300 && status < 400 && location !== undefined) return adviseOnRedirect(url, location);
  if (status === 400 && WANTS_TLS.test(body))
    return 'TLS is required at this port: write https:// in the address';
  if (/ALPN Protocol/.test(body)) return grpcAdvice(url);
  const isPage = /\bhtml\b/i.test(contentType);
  return isPage && (status < 300 || OF_GATEWAYS.has(status))
    ? `${HTML_FROM}${PROXY_IN_THE_WAY}${except}`
    : undefined;
}

function adviseOnRedirect(url: string, location: string): string | undefined {
  const to = URL.parse(location, url);
  const { protocol } = new URL(url);
  if (to === null) return undefined;
  if (to.hostname !== new URL(url).hostname) return `it redirects to ${to.host}: ${PROXY_IN_THE_WAY}`;
  if (to.protocol !== protocol) return `it redirects to ${to.origin}: write ${to.protocol}// in the address`;
  return /log-?in|sign-?in|auth|portal/i.test(to.pathname)
    ? `it redirects to a login: ${PROXY_IN_THE_WAY}`
    : undefined;
}

interface NetworkError extends Error {
  readonly code?: string;
}

async function adviseOnNoHttp({ url, proxy }: ProbeTarget, error: NetworkError): Promise<string | undefined> {
  const { code = '', message } = error;
  if (/NO_APPLICATION_PROTOCOL/.test(code)) return grpcAdvice(url);
  if (
    /wrong version number|packet length too long|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/.test(
      `${code} ${message}`,
    )
  ) {
    return 'there is no TLS at this port: write http:// in the address, or use the port of https';
  }
  if (!/^(HPE_|ECONNRESET|EPIPE)|hang up/.test(`${code} ${message}`) || proxy) return undefined;
  const protocol = await probeProtocol(url);
  if (protocol === 'HTTP/2') return grpcAdvice(url);
  return protocol && 'TLS is required at this port: write https:// in the address';
}

function grpcAdvice(url: string): string {
  const { port } = new URL(url);
  return `this is the port of OTLP over gRPC: use that of OTLP over HTTP, ${port === '4317' ? '4318' : 'usually 4318'}`;
}
