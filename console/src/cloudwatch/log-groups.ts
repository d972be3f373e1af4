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
/** Over all groups. The bound exists because each name may have 512 characters. */
const MAX_STREAMS = 10_000;

/** Keeps the groups and streams. Throws the errors of AWS for those that do not exist. */
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

/** Returns whether the stream of an event still exists. It may have been deleted and created again. */
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
