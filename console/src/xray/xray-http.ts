import { type Answer, jsonAnswer, type ReceivedRequest, UnreadableInput } from '../http/receiver.ts';
import { isRecord, parseJson } from '../json.ts';

/** The input of an operation of X-Ray's API, which is all POST and JSON; an empty body is an empty input. */
export function readInput({ method, body }: ReceivedRequest): Record<string, unknown> {
  if (method !== 'POST') throw new UnreadableInput(405, "X-Ray's operations are called with POST");
  const input = parseJson(body.length === 0 ? '{}' : body.toString());
  if (!isRecord(input)) throw new UnreadableInput(400, 'the input is not an object');
  return input;
}

/** X-Ray's only error for a request that is at fault. */
export function refuseRequest(status: number, message: string): Answer {
  return {
    ...jsonAnswer(status, { Message: message }),
    headers: { 'x-amzn-errortype': 'InvalidRequestException' },
  };
}
