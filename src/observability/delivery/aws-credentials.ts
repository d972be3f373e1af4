import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ProxyEnvironment } from '../../config/ways-out/proxy-variables.ts';
import { createHttpAgent, createHttpsAgent } from './http-agent.ts';

const TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 5;

/**
 * Returns a provider that finds credentials as AWS's own tools do. STS and SSO are asked through the proxy,
 * as their clients' own agents would not be; the services of the machine and the container are asked
 * directly.
 */
export function createCredentialProvider(proxy: ProxyEnvironment | undefined) {
  if (proxy === undefined) return defaultProvider();
  const options = { maxConnections: MAX_CONNECTIONS, timeoutMs: TIMEOUT_MS, proxy };
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: TIMEOUT_MS,
    httpAgent: createHttpAgent(options),
    httpsAgent: createHttpsAgent(options),
  });
  return defaultProvider({ clientConfig: { requestHandler } });
}

/**
 * Says why there are no credentials, in words of our own: the SDK's may repeat an account or a role. Expired
 * sessions of SSO are the only case that has a remedy of its own.
 */
export function describeCredentialFault(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return /\bSSO\b|aws sso login/i.test(String(message))
    ? 'the AWS SSO session has expired or does not exist'
    : 'no AWS credentials could be loaded';
}
