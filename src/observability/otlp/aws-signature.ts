import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ProxyEnvironment } from '../../config/ways-out/proxy-variables.ts';
import { withTimeout } from '../../lib/with-timeout.ts';
import { createCredentialProvider, describeCredentialFault } from '../delivery/aws-credentials.ts';

export interface SignerOptions {
  readonly url: string;
  readonly region: string;
  /** The service's name in signatures. */
  readonly service: string;
  /** For loading the credentials, which may need a network call. */
  readonly timeoutMs: number;
  /** For loading the credentials. */
  readonly proxy?: ProxyEnvironment | undefined;
}

/**
 * Returns a function that computes the headers which sign a POST of a body to `url` (AWS Signature Version
 * 4). It finds credentials as AWS's own tools do, and rejects when it finds none within the time limit.
 */
export function createAwsSigner(options: SignerOptions): (body: Buffer) => Promise<Record<string, string>> {
  const { protocol, hostname, host, pathname, searchParams } = new URL(options.url);
  const { region, service } = options;
  const credentials = createCredentialProvider(options.proxy);
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const query = Object.fromEntries(searchParams);
  return async (body) => {
    const request = {
      method: 'POST',
      protocol,
      hostname,
      path: pathname,
      query,
      headers: { host },
      body,
    };
    try {
      const { headers } = await withTimeout(options.timeoutMs, signer.sign(request));
      return headers;
    } catch (error) {
      throw new Error(describeCredentialFault(error));
    }
  };
}
