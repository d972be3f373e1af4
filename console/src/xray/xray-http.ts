import { type Answer, jsonAnswer, type ReceivedRequest, UnreadableInput } from '../http/receiver.ts';
import { isRecord, parseJson } from '../json.ts';

/** Reads the input of an operation, which is POST with a JSON body. An empty body is an empty input. */
export function readInput({ method, body }: ReceivedRequest): Record<string, unknown> {
  if (method !== 'POST') throw new UnreadableInput(405, "X-Ray's operations are called with POST");
  const input = parseJson(body.length === 0 ? '{}' : body.toString());
  if (!isRecord(input)) throw new UnreadableInput(400, 'the input is not an object');
  return input;
}

/** Returns X-Ray's only error for an invalid request. */
export function refuseRequest(status: number, message: string): Answer {
  return {
    ...jsonAnswer(status, { Message: message }),
    headers: { 'x-amzn-errortype': 'InvalidRequestException' },
  };
}
