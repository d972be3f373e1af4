import type { KeptLogEvent } from '../journal/entry-store.ts';
import { AwsError } from './aws-error.ts';

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
  lastIngestionTime?: number;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly class: string;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, LogStream>;
  retentionDays?: number;
}

export interface LogGroups {
  all(): LogGroup[];
  group(name: string): LogGroup;
  stream(groupName: string, name: string): LogStream;
  createGroup(name: string, groupClass: string): LogGroup;
  createStream(groupName: string, name: string): void;
  deleteGroup(name: string): void;
  deleteStream(groupName: string, name: string): void;
}

const MAX_GROUPS = 1000;
/** Of all groups together: names alone may be 512 characters long. */
const MAX_STREAMS = 10_000;

/** The groups and streams that exist, and AWS's errors for those that do not. */
export function createLogGroups(): LogGroups {
  const groups = new Map<string, LogGroup>();
  let streamCount = 0;

  function group(name: string): LogGroup {
    const found = groups.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  }

  function stream(groupName: string, name: string): LogStream {
    const found = group(groupName).streams.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return found;
  }

  return {
    all: () => [...groups.values()],
    group,
    stream,
    createGroup(name, groupClass) {
      if (groups.has(name)) throw alreadyExists('log group');
      if (groups.size >= MAX_GROUPS) throw limitExceeded();
      const created = {
        name,
        createdAt: Date.now(),
        class: groupClass,
        tags: new Map<string, string>(),
        streams: new Map<string, LogStream>(),
      };
      groups.set(name, created);
      return created;
    },
    createStream(groupName, name) {
      const { streams } = group(groupName);
      if (streams.has(name)) throw alreadyExists('log stream');
      if (streamCount >= MAX_STREAMS) throw limitExceeded();
      streamCount += 1;
      streams.set(name, { name, createdAt: Date.now() });
    },
    deleteGroup(name) {
      streamCount -= group(name).streams.size;
      groups.delete(name);
    },
    deleteStream(groupName, name) {
      stream(groupName, name);
      streamCount -= 1;
      group(groupName).streams.delete(name);
    },
  };
}

/** Whether an event came to a stream of the group as it is: those of a deleted one are gone, though the name is back. */
export function storedIn({ streams }: LogGroup, { stream, receivedAt }: KeptLogEvent): boolean {
  const found = streams.get(stream);
  return found !== undefined && receivedAt >= found.createdAt;
}

function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'Resource limit exceeded.');
}
