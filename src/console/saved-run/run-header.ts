import { z } from 'zod';

const FORMAT = 'cruddur-console';
const VERSION = 1;

/** The first line of a saved run. */
export const RUN_HEADER = JSON.stringify({ format: FORMAT, version: VERSION });

const Header = z.object({ format: z.literal(FORMAT), version: z.int() });

/** Why a file that begins with this line is no saved run that can be read here; undefined when it is one. */
export function faultOfHeader(line: string): string | undefined {
  const header = Header.safeParse(parse(line)).data;
  if (header === undefined) return 'it is not a run that the console saved';
  if (header.version === VERSION) return undefined;
  return `it has version ${header.version} of the format, and this console reads version ${VERSION}`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
