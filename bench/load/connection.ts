import { connect, type Socket } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Less than the server's own limit: a request on a connection that the server closes just then fails. */
const MAX_IDLE_MS = 3000;

interface Waiting {
  resolve(status: number): void;
  reject(error: Error): void;
}

/** A kept-alive HTTP connection for one GET request at a time, for a tenth of the CPU time of `http.get`. */
export class Connection {
  private readonly host: string;
  private readonly socket: Socket;
  private waiting: Waiting | undefined;
  private head: Buffer = Buffer.alloc(0);
  private status = 0;
  /** Bytes of the body that have not arrived; undefined until the head has. */
  private missing: number | undefined;

  constructor(host: string) {
    this.host = host;
    const { hostname, port } = new URL(`http://${host}`);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true })
      .on('data', (chunk) => this.receive(chunk))
      .on('error', (error) => this.fail(error))
      .on('close', () => this.fail(new Error(`${host} closed the connection`)))
      .setTimeout(MAX_IDLE_MS, () => {
        if (!this.waiting) this.close();
      });
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** Sends a request and resolves with its status when the whole response has arrived. */
  get(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.host}\r\n\r\n`, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    if (this.missing !== undefined) this.missing -= chunk.length;
    else this.readHead(this.head.length > 0 ? Buffer.concat([this.head, chunk]) : chunk);
    if (this.missing !== 0) return;
    const { waiting, status } = this;
    this.missing = undefined;
    this.waiting = undefined;
    waiting?.resolve(status);
  }

  private readHead(received: Buffer): void {
    const end = received.indexOf(END_OF_HEAD);
    this.head = end < 0 ? received : Buffer.alloc(0);
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.fail(new Error(`no Content-Length from ${this.host}`));
      return;
    }
    this.status = Number(head.slice(9, 12));
    this.missing = Number(length) - (received.length - end - END_OF_HEAD.length);
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.close();
    waiting?.reject(error);
  }
}
