import { z } from 'zod';

const FORMAT = 'cruddur-console';
const VERSION = 1;

/** The first line of a recording. */
export const RECORDING_HEADER = JSON.stringify({ format: FORMAT, version: VERSION });

export const NOT_A_RECORDING = 'it is not a recording of this console';

const Header = z.object({ format: z.literal(FORMAT), version: z.int() });

/** Returns whether a line is the header of a recording. Throws when it has another version of the format. */
export function isRecordingHeader(line: string): boolean {
  const header = Header.safeParse(parse(line)).data;
  if (header === undefined || header.version === VERSION) return header !== undefined;
  throw new Error(
    `it has version ${header.version} of the format, and this console reads version ${VERSION}`,
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
