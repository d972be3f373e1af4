import type { Cursor } from '../db/paging.ts';

const TIME_BYTES = 6;
const BYTES = TIME_BYTES + 16;
/** 9999-12-31T23:59:59.999Z: ISO 8601 writes later years with a sign, which PostgreSQL cannot parse. */
const LAST_TIME = 253_402_300_799_999;

/** Encodes a cursor as 30 URL-safe characters: base64url of the Unix milliseconds and the uuid's bytes. */
export function encodeCursor({ createdAt, uuid }: Cursor): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUIntBE(Date.parse(createdAt), 0, TIME_BYTES);
  bytes.write(uuid.replaceAll('-', ''), TIME_BYTES, 'hex');
  return bytes.toString('base64url');
}

/** Decodes the output of `encodeCursor`; returns undefined for any other text. */
export function decodeCursor(text: string): Cursor | undefined {
  if (text.length !== Math.ceil((BYTES * 8) / 6)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return undefined;
  const time = bytes.readUIntBE(0, TIME_BYTES);
  if (time > LAST_TIME) return undefined;
  return { createdAt: new Date(time).toISOString(), uuid: toUuid(bytes.toString('hex', TIME_BYTES)) };
}

function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
