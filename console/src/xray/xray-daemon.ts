import { createSocket, type Socket } from 'node:dgram';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../http/http-server.ts';
import { receiveDatagram } from './xray-datagram.ts';

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const PORT_ATTEMPTS = 20;

/** Starts the X-Ray daemon's two servers on one port number: UDP for segments, TCP for sampling. */
export async function startXrayDaemon(options: HttpServerOptions): Promise<HttpServer> {
  for (let attempt = 1; ; attempt++) {
    const tcp = await startHttpServer(options);
    try {
      const udp = await bind(options.host, tcp.port, (datagram) =>
        receiveDatagram(options.journal, datagram),
      );
      return {
        port: tcp.port,
        close: async () => {
          await Promise.all([tcp.close(), new Promise<void>((resolve) => udp.close(() => resolve()))]);
        },
      };
    } catch (error) {
      await tcp.close();
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || options.port !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function bind(host: string, port: number, onDatagram: (datagram: Buffer) => void): Promise<Socket> {
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address: host, port }, () => {
      socket.removeListener('error', fail);
      // A datagram that cannot be received is lost; the socket stays open.
      socket.on('error', () => {});
      socket.on('message', onDatagram);
      resolve(socket);
    });
  });
}
