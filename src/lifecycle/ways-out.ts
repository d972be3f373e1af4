import { setGlobalProxyFromEnv } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Config } from '../config/config.ts';

/**
 * Makes `fetch` and Node's global agents use the configured proxies and extra authorities. Node.js itself
 * reads `NODE_EXTRA_CA_CERTS` when it starts, before `.env`, and the proxies' variables not at all by
 * default.
 */
export function openWaysOut({ proxy, extraCertificates }: Pick<Config, 'proxy' | 'extraCertificates'>): void {
  if (proxy !== undefined) setGlobalProxyFromEnv(proxy);
  if (extraCertificates !== undefined && getCACertificates('extra').length === 0) {
    setDefaultCACertificates([...getCACertificates('default'), extraCertificates.toString()]);
  }
}
