import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Receivers } from './receivers.ts';

const PAYLOADS = join(import.meta.dirname, '../console/payloads');

/** What a client put on the wire: one HTTP POST, or one datagram. */
interface CapturedMessage {
  /** Absent: a datagram. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as text, or base64 where it is none. */
  readonly text?: string;
  readonly base64?: string;
}

/** All that a client sent in one run, in order. */
export interface CapturedClient {
  /** Name and version. */
  readonly client: string;
  readonly messages: readonly CapturedMessage[];
}

/** Reads the payloads of a client by the name of their file. */
export function readCaptured(name: string): CapturedClient {
  return JSON.parse(readFileSync(join(PAYLOADS, `${name}.json`), 'utf8'));
}

export function readAllCaptured(): readonly CapturedClient[] {
  return readdirSync(PAYLOADS)
    .map((file) => readCaptured(file.replace('.json', '')))
    .filter(({ messages }) => messages !== undefined);
}

/** The bytes of a message. CloudWatch Logs refuses old log events, so theirs are of now. */
export function bytesOf({ text, base64 = '' }: CapturedMessage): Buffer {
  if (text === undefined) return Buffer.from(base64, 'base64');
  return Buffer.from(text.replaceAll(/(?<=\{"timestamp":)\d{13}/g, String(Date.now())));
}

/** Sends a message with these bytes; resolves with the status of the answer, undefined for a datagram. */
export async function sendCaptured(
  { url, environment }: Pick<Receivers, 'url' | 'environment'>,
  { path, headers = {} }: CapturedMessage,
  bytes: Buffer,
): Promise<number | undefined> {
  if (path !== undefined) {
    const response = await fetch(url + path, { method: 'POST', headers, body: new Uint8Array(bytes) });
    await response.arrayBuffer();
    return response.status;
  }
  const [host, port] = environment.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  const socket = createSocket('udp4');
  await new Promise((sent) => socket.send(bytes, Number(port), host, sent));
  socket.close();
  return undefined;
}
