import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer, type ReceivedRequest, UnreadableInput } from '../http/receiver.ts';
import { isRecord, parseJson } from '../json.ts';

/** Reads the input of an operation, which is POST with a JSON body. An empty body is an empty input. */
export function readInput({ method, body }: ReceivedRequest): Record<string, unknown> {
  if (method !== 'POST') throw new UnreadableInput(405, "X-Ray's operations are called with POST");
  const input = parseJson(body.length === 0 ? '{}' : body.toString());
  if (!isRecord(input)) throw new UnreadableInput(400, 'the input is not an object');
  return input;
}

/** Returns a success with the id of the request, spelled as AWS spells it: some clients look for it so. */
export function xrayAnswer(body: unknown): Answer {
  return { ...jsonAnswer(200, body), headers: { 'x-amzn-RequestId': randomUUID() } };
}

/** Returns X-Ray's only error for an invalid request, or the one for an unknown operation. */
export function refuseRequest(status: number, message: string): Answer {
  const type = status === 404 ? 'UnknownOperationException' : 'InvalidRequestException';
  return {
    ...jsonAnswer(status, { Message: message }),
    headers: { 'x-amzn-RequestId': randomUUID(), 'x-amzn-ErrorType': type },
  };
}
