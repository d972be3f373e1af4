/**
 * The members of a response that the SDK's middleware uses, with the status that the segment shows: that which
 * was sent, or in its place 499 for a disconnected client, which X-Ray counts as an error, or 503, a fault.
 */
export class ResponseView {
  statusCode = 0;
  private listener: (() => void) | undefined;

  /** The SDK listens for `finish` and `close`, with one function that sends the segment. */
  on(_event: string, listener: () => void): void {
    this.listener = listener;
  }

  end(status: number): void {
    this.statusCode = status;
    this.listener?.();
  }
}
