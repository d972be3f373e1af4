import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { withTimeout } from '../../lib/with-timeout.ts';

export interface SignerOptions {
  readonly url: string;
  readonly region: string;
  /** The service's name in signatures. */
  readonly service: string;
  /** For loading the credentials, which may need a network call. */
  readonly timeoutMs: number;
}

/**
 * Returns a function that computes the headers which sign a POST of a body to `url` (AWS Signature Version
 * 4). It finds credentials as AWS's own tools do, and rejects when it finds none within the time limit.
 */
export function createAwsSigner(options: SignerOptions): (body: Buffer) => Promise<Record<string, string>> {
  const { protocol, hostname, host, pathname } = new URL(options.url);
  const { region, service } = options;
  const signer = new SignatureV4({ credentials: defaultProvider(), region, service, sha256: Sha256 });
  return async (body) => {
    const request = {
      method: 'POST',
      protocol,
      hostname,
      path: pathname,
      query: {},
      headers: { host },
      body,
    };
    try {
      const { headers } = await withTimeout(options.timeoutMs, signer.sign(request));
      return headers;
    } catch {
      throw new Error('no AWS credentials could be loaded');
    }
  };
}
