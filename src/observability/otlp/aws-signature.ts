import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { withTimeout } from '../../lib/with-timeout.ts';

export interface SignerOptions {
  readonly url: string;
  readonly region: string;
  /** As signatures name it. */
  readonly service: string;
  /** For the credentials, which may have to be asked for. */
  readonly timeoutMs: number;
}

/**
 * Makes the headers that sign a POST of a body to `url` for AWS (Signature Version 4), by the credentials that AWS's own
 * tools would find. Rejects in words of its own when there are none in time.
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
