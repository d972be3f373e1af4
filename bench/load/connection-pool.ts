import { Connection } from './connection.ts';

/** Keeps at most `size` connections to a host. Requests that find none free wait in their order. */
export class ConnectionPool {
  private readonly all = new Set<Connection>();
  private readonly free: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];

  private readonly host: string;
  private readonly size: number;

  constructor(host: string, size: number) {
    this.host = host;
    this.size = size;
  }

  /** Resolves with the status of the response. */
  async get(path: string): Promise<number> {
    const connection =
      this.take() ?? (await new Promise<Connection>((resolve) => this.waiting.push(resolve)));
    try {
      return await connection.get(path);
    } finally {
      this.release(connection);
    }
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }

  private take(): Connection | undefined {
    for (let connection = this.free.pop(); connection; connection = this.free.pop()) {
      if (connection.open) return connection;
      this.all.delete(connection);
    }
    return this.all.size < this.size ? this.open() : undefined;
  }

  private open(): Connection {
    const connection = new Connection(this.host);
    this.all.add(connection);
    return connection;
  }

  private release(connection: Connection): void {
    if (!connection.open) this.all.delete(connection);
    const next = this.waiting.shift();
    if (next) next(connection.open ? connection : this.open());
    else if (connection.open) this.free.push(connection);
  }
}
