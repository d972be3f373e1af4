import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type HttpReceiverOptions, parseJson, type Receiver, startHttpReceiver } from './http-receiver.ts';
import { readSegment, type SegmentDocument } from './xray-segments.ts';

const HEADER = JSON.stringify({ format: 'json', version: 1 });
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const PORT_ATTEMPTS = 20;

interface XRayDaemonOptions extends HttpReceiverOptions {
  onSegment(segment: SegmentDocument): void;
}

/** Starts an X-Ray daemon: UDP receives segments, TCP on the same port number answers for sampling. */
export async function startXRayDaemon(options: XRayDaemonOptions): Promise<Receiver> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = await startHttpReceiver(options);
    const udp = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    try {
      udp.bind(tcp.port, '127.0.0.1');
      await once(udp, 'listening');
    } catch (error) {
      udp.close();
      await tcp.close();
      if (attempt === PORT_ATTEMPTS) throw error;
      continue;
    }
    udp.on('message', (datagram) => receive(datagram.toString(), options));
    return {
      port: tcp.port,
      async close() {
        await Promise.all([tcp.close(), new Promise<void>((resolve) => udp.close(resolve))]);
      },
    };
  }
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon */
function receive(datagram: string, { onSegment, onUnreadable }: XRayDaemonOptions): void {
  const [header = '', ...lines] = datagram.split('\n');
  try {
    if (JSON.stringify(parseJson(header)) !== HEADER) throw new Error(`the header line is not ${HEADER}`);
    onSegment(readSegment(lines.join('\n')));
  } catch (error) {
    onUnreadable(`xray: ${(error as Error).message}`);
  }
}
