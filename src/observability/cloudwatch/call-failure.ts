import { describeCredentialFault } from '../delivery/aws-credentials.ts';
import { retryAfterMs } from '../delivery/retry-after.ts';

/** The form of AWS's exception names. No other name that a server sends is repeated. */
const AWS_NAME = /^(?:[A-Z]\w{1,80}Exception|Throttling)$/;
const THROTTLED = /^(?:Throttl|TooManyRequests)/;
/** Exceptions about the events themselves, which a retry does not change. */
const FINAL = /^(?:InvalidParameter|Validation|Serialization|RequestEntityTooLarge)Exception$/;
/** Messages of client-side failures that contain no secret. */
const PLAIN_WORDS = /^(?:Region is missing|answer |the proxy )/;

interface SdkError {
  readonly name: unknown;
  readonly code?: unknown;
  readonly message: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * A failed call to CloudWatch Logs, with AWS's name of the exception. The message is our own, because the
 * SDK's may repeat a signature, a session token or an identity.
 */
export class CallFailure extends Error {
  override readonly name: string;
  readonly operation: string;
  /** Undefined when there was no response. */
  readonly status: number | undefined;
  /** The pause that CloudWatch Logs asks for; 0 when it names none. */
  readonly retryAfterMs: number;

  /** `error` is the SDK's, thrown by `operation`. */
  constructor(operation: string, error: unknown) {
    const { name, code, message, $metadata, $response } = error as SdkError;
    const status = $metadata?.httpStatusCode;
    super(
      status === undefined
        ? `${operation}: ${explain(name, code, message)}`
        : `${operation} answered ${status}`,
    );
    this.name = status !== undefined && AWS_NAME.test(String(name)) ? String(name) : 'Error';
    this.operation = operation;
    this.status = status;
    this.retryAfterMs = retryAfterMs($response?.headers?.['retry-after']);
  }

  /** Whether CloudWatch Logs throttles its callers. */
  get isThrottled(): boolean {
    return this.status === 429 || THROTTLED.test(this.name);
  }

  /**
   * Whether the events are the cause. Any other failure, such as an outage, can be resolved while they wait.
   */
  get isFinal(): boolean {
    return this.operation === 'PutLogEvents' && (this.status === 413 || FINAL.test(this.name));
  }
}

function explain(name: unknown, code: unknown, message: unknown): string {
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,50}$/.test(code)) return code;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  if (name === 'CredentialsProviderError') return describeCredentialFault({ message });
  if (typeof message === 'string' && PLAIN_WORDS.test(message)) return message;
  return /^\w{1,80}$/.test(String(name)) ? String(name) : 'unknown failure';
}
