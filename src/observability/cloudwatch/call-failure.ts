/** Names that AWS gives to what went wrong; whatever else a server may send is not repeated. */
const AWS_NAME = /^(?:[A-Z]\w{1,80}Exception|Throttling)$/;
const THROTTLED = /^(?:Throttl|TooManyRequests)/;
/** Verdicts on the events themselves, which stay the same however often they are sent. */
const FINAL = /^(?:InvalidParameter|Validation|Serialization|RequestEntityTooLarge)Exception$/;
/** Client-side failures whose own words are known to hold nothing secret. */
const PLAIN_WORDS = /^(?:Region is missing|answer )/;

interface SdkError {
  readonly name: unknown;
  readonly code?: unknown;
  readonly message: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * One call to CloudWatch Logs that failed, named as AWS names the exception, in words of our own: the SDK's may repeat
 * a signature, a session token or an identity.
 */
export class CallFailure extends Error {
  override readonly name: string;
  readonly operation: string;
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** How long CloudWatch Logs asks to be left alone; 0 when it does not say. */
  readonly retryAfterMs: number;

  /** `error` is what the SDK threw for `operation`. */
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
    this.retryAfterMs = Number($response?.headers?.['retry-after']) * 1000 || 0;
  }

  /** CloudWatch Logs asks for fewer calls. */
  get isThrottled(): boolean {
    return this.status === 429 || THROTTLED.test(this.name);
  }

  /** The events are at fault; all else, from an outage to a missing permission, may be mended while they wait. */
  get isFinal(): boolean {
    return this.operation === 'PutLogEvents' && (this.status === 413 || FINAL.test(this.name));
  }
}

function explain(name: unknown, code: unknown, message: unknown): string {
  if (typeof code === 'string' && /^E[A-Z_]{2,40}$/.test(code)) return code;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  if (name === 'CredentialsProviderError') return 'no AWS credentials could be loaded';
  if (typeof message === 'string' && PLAIN_WORDS.test(message)) return message;
  return /^\w{1,80}$/.test(String(name)) ? String(name) : 'unknown failure';
}
