import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answers = Readonly<Record<string, { readonly status?: number; readonly body: object }>>;

/** Starts a CloudWatch Logs that gives each operation its answer of `answers`, or an empty one. */
export async function startScriptedCloudwatch(answers: Answers) {
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    operations.push(operation);
    request.resume().on('end', () => {
      const { status = 200, body = {} } = answers[operation] ?? {};
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Returns an error in AWS's format. */
export function failing(type: string) {
  return { status: 400, body: { __type: type } };
}
