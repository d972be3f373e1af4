import { createSocket } from 'node:dgram';
import { request as send } from 'node:http';
import type { Capture } from '../payloads/capture.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Target {
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Sends captured requests and datagrams again, in their order and byte for byte, except that log events get
 * current times. Resolves with the responses.
 */
export async function replayCaptured(
  { url, variables }: Target,
  { requests, datagrams }: Capture,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { path, headers, body } of requests) {
    const bytes = Buffer.from(body, 'base64');
    const isLogs = headers['x-amz-target']?.endsWith('.PutLogEvents');
    answers.push(await post(url + path, headers, isLogs ? ofNow(bytes) : bytes));
  }
  const [address, port] = variables.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, Number(port), address, resolve));
  }
  socket.close();
  return answers;
}

/** Unlike `fetch`, it adds no headers and sends forbidden ones too. */
function post(url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { 'content-length': _, 'transfer-encoding': __, ...kept } = headers;
  const request = send(url, { method: 'POST', headers: kept }, async (response) => {
    resolve({ status: response.statusCode ?? 0, body: (await response.toArray()).join('') });
  });
  request.on('error', reject).end(body);
  return promise;
}

function ofNow(body: Buffer): Buffer {
  return Buffer.from(body.toString().replaceAll(/"timestamp":\d+/g, `"timestamp":${Date.now()}`));
}
