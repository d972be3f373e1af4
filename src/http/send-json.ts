import type { Response } from 'express';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Sends a string as plain text, and any other value as JSON. It does not use `response.json()`, which checks
 * the request's freshness, the application's settings and the charset on every call.
 */
export function sendJson(response: Response, body: unknown): void {
  if (typeof body === 'string') sendText(response, 'text/plain; charset=utf-8', body);
  else sendText(response, JSON_TYPE, JSON.stringify(body));
}

/** Sends a text and ends the response. For HEAD, Node omits the body and keeps `Content-Length`. */
export function sendText(response: Response, type: string, text: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
