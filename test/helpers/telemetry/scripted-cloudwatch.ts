import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answers = Readonly<Record<string, { readonly status?: number; readonly body: object }>>;

/** A CloudWatch Logs that answers each operation as it is told. */
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

/** A refusal as AWS words it. */
export function failing(type: string) {
  return { status: 400, body: { __type: type } };
}
