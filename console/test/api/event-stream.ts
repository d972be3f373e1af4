import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { until } from '../helpers/until.ts';

interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

export interface EventStream {
  readonly response: IncomingMessage;
  /** Returns the events so far. */
  events(): readonly StreamEvent[];
  /** Resolves with the first event of this name that `matches`, past events included. */
  until(event: string, matches?: (data: never) => boolean): Promise<StreamEvent>;
  /** Returns the id of the last event. */
  lastId(): string | undefined;
  close(): void;
}

/** Reads server-sent events as a browser does, after `lastEventId` if given. */
export async function openEventStream(url: string, lastEventId?: string): Promise<EventStream> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const request: ClientRequest = get(url, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const events = () => text.split('\n\n').slice(0, -1).flatMap(parse);
  return {
    response,
    events,
    until: (event, matches = () => true) =>
      until(() => events().find((each) => each.event === event && matches(each.data as never))),
    lastId: () => /^id: (.*)$/m.exec(text.slice(text.lastIndexOf('\nid: ') + 1))?.[1],
    close: () => request.destroy(),
  };
}

function parse(block: string): StreamEvent[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  return data === undefined ? [] : [{ id: field('id'), event: field('event'), data: JSON.parse(data) }];
}
