import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Message, MessageGroup } from '../../src/messages/message.ts';
import { useApp } from '../helpers/app/app.ts';
import { matching } from '../helpers/app/matching.ts';
import { pagesOf } from '../helpers/pages.ts';

const app = useApp({ kind: 'embedded' });

const send = (body: object) => app.post('/api/messages', body);

describe('GET /api/message_groups', () => {
  test('returns one group per conversation, named after the other user, latest first', async () => {
    await send({ message: 'Are you there?', user_receiver_handle: 'bayko' }).expect(200);
    const groups = matching(z.array(MessageGroup), (await app.get('/api/message_groups').expect(200)).body);
    expect(groups.map(({ handle }) => handle)).toEqual(['bayko', 'worf']);
    expect(groups[0]).toMatchObject({ display_name: 'Andrew Bayko', message: 'Are you there?' });
  });

  test('has pages, and takes limit and before as every list', async () => {
    const whole = (await app.get('/api/message_groups').expect(200)).body;
    const pages = await pagesOf(app.get, '/api/message_groups?limit=1');
    expect(pages.map(({ body }) => body)).toEqual(whole.map((group: MessageGroup) => [group]));
    expect((await app.get('/api/message_groups?limit=0').expect(422)).body).toEqual(['limit_invalid']);
    expect((await app.get('/api/message_groups?before=x').expect(422)).body).toEqual(['before_invalid']);
  });
});

describe('GET /api/messages/@handle', () => {
  test('returns the messages with that user, oldest first', async () => {
    const messages = matching(z.array(Message), (await app.get('/api/messages/@worf').expect(200)).body);
    expect(messages.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['Cloud is fun!', 'This platform is great!']),
    );
    const times = messages.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted());
  });

  test('links to older messages', async () => {
    for (const message of ['one', 'two', 'three']) {
      await send({ message, user_receiver_handle: 'garek' }).expect(200);
    }
    const latest = await app.get('/api/messages/@garek?limit=2').expect(200);
    expect(latest.body.map((row: Message) => row.message)).toEqual(['two', 'three']);
    const next = /^<(\?limit=2&before=[\w-]+)>; rel="next"$/.exec(latest.headers.link ?? '');
    const older = await app.get(`/api/messages/@garek${next?.[1]}`).expect(200);
    expect(older.body.map((row: Message) => row.message)).toEqual(['one']);
    expect(older.headers).not.toHaveProperty('link');
  });

  test('is empty without messages, and a 404 for an unknown handle', async () => {
    expect((await app.get('/api/messages/@londo').expect(200)).body).toEqual([]);
    for (const handle of ['nobody', 'worf%00', 'bay%E2%84%AAo']) {
      const response = await app.get(`/api/messages/@${handle}`);
      expect(response.status).toBe(404);
      expect(response.type).toBe('application/problem+json');
    }
  });
});

describe('POST /api/messages', () => {
  test('creates a message of up to 1024 code points, with the name of the sender', async () => {
    const message = '🚀'.repeat(1024);
    const created = matching(
      Message,
      (await send({ message, user_receiver_handle: 'worf' }).expect(200)).body,
    );
    expect(created).toMatchObject({ handle: 'andrewbrown', display_name: 'Andrew Brown', message });
    expect((await app.get('/api/messages/@worf')).body.at(-1)).toEqual(created);
  });

  test.each([
    [{}, 'message_blank'],
    [{ message: 'a'.repeat(1025) }, 'message_exceed_max_chars'],
    [{ message: 'a' }, 'user_reciever_handle_blank'],
    [{ message: 'a', user_receiver_handle: null }, 'user_reciever_handle_blank'],
    [{ message: 'a', user_receiver_handle: '' }, 'user_reciever_handle_blank'],
    [{ message: 'a', user_receiver_handle: 7 }, 'user_reciever_handle_blank'],
    [{ message: 'a', user_receiver_handle: ['worf'] }, 'user_reciever_handle_blank'],
    [{ message: 'a', user_reciever_handle: 'worf' }, 'user_reciever_handle_blank'],
  ])('%j: 422 %s', async (body, code) => {
    const response = await send(body);
    expect(response.status).toBe(422);
    expect(response.body).toEqual([code]);
  });

  test.each(['nobody', 'worf\0', '\ud800', '@worf', ' ', 'bay\u212ao', 'a'.repeat(31)])(
    'is a 404 for an unknown receiver: %j',
    async (handle) => {
      const response = await send({ message: 'a', user_receiver_handle: handle });
      expect(response.status).toBe(404);
      expect(response.body).toMatchObject({ detail: 'Nobody has this handle.', instance: '/api/messages' });
    },
  );
});
