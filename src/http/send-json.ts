import type { Response } from 'express';

/**
 * Answers with the body: a string as plain text, anything else as JSON. Past `response.json()`, which would look at
 * the request's freshness, the application's settings and the type's charset again for each answer.
 */
export function sendJson(response: Response, body: unknown): void {
  if (typeof body === 'string') sendText(response, 'text/plain; charset=utf-8', body);
  else sendText(response, 'application/json; charset=utf-8', JSON.stringify(body));
}

/** Ends the answer with a text that is ready. Node leaves the body out for HEAD and keeps its length. */
export function sendText(response: Response, type: string, text: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
