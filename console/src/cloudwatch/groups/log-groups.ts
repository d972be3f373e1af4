import type { LogEvent } from '../../journal/entries.ts';
import { AwsError } from '../aws-error.ts';
import { bytesOf, bytesOfTags, type LogGroup, type LogStream, noteTimes, TAG_BYTES } from './log-group.ts';

export interface LogGroups {
  all(): LogGroup[];
  group(name: string): LogGroup;
  stream(groupName: string, name: string): LogStream;
  createGroup(name: string, groupClass: string, tags: ReadonlyMap<string, string>): void;
  createStream(groupName: string, name: string): void;
  deleteGroup(name: string): void;
  deleteStream(groupName: string, name: string): void;
  setTags(group: LogGroup, tags: ReadonlyMap<string, string>): void;
  deleteTags(group: LogGroup, keys: readonly string[]): void;
  /** Notes the times of an event. One of a recording creates its group and stream, as far as they fit. */
  note(event: LogEvent, receivedAt: number): void;
}

/** Accounts for memory: a negative number frees it. Returns false, and takes none, when there is no more. */
export type Reserve = (bytes: number) => boolean;

const MAX_GROUPS = 1000;
/** Over all groups. */
const MAX_STREAMS = 10_000;
const MAX_NAME_LENGTH = 512;
const GROUP_BYTES = 1024;
const STREAM_BYTES = 256;

/** Keeps the groups and streams. Throws the errors of AWS for those that do not exist. */
export function createLogGroups(reserve: Reserve): LogGroups {
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

  function addGroup(name: string, groupClass: string, createdAt: number): LogGroup {
    if (groups.size >= MAX_GROUPS || !reserve(bytesOf(GROUP_BYTES, name))) throw limitExceeded();
    const added = { name, createdAt, class: groupClass, tags: new Map(), streams: new Map() };
    groups.set(name, added);
    return added;
  }

  function addStream({ streams }: LogGroup, name: string, createdAt: number): LogStream {
    if (streamCount >= MAX_STREAMS || !reserve(bytesOf(STREAM_BYTES, name))) throw limitExceeded();
    streamCount += 1;
    const added = { name, createdAt };
    streams.set(name, added);
    return added;
  }

  function setTags({ tags: known }: LogGroup, tags: ReadonlyMap<string, string>): void {
    if (!reserve(bytesOfTags(tags))) throw limitExceeded();
    for (const [key, value] of tags) {
      const replaced = known.get(key);
      if (replaced !== undefined) reserve(-bytesOf(TAG_BYTES, key + replaced));
      known.set(key, value);
    }
  }

  function deleteStream({ streams }: LogGroup, name: string): void {
    if (streams.delete(name)) {
      streamCount -= 1;
      reserve(-bytesOf(STREAM_BYTES, name));
    }
  }

  function deleteGroup(removed: LogGroup): void {
    for (const name of removed.streams.keys()) deleteStream(removed, name);
    reserve(-bytesOfTags(removed.tags) - bytesOf(GROUP_BYTES, removed.name));
    groups.delete(removed.name);
  }

  return {
    all: () => [...groups.values()],
    group,
    stream,
    createGroup(name, groupClass, tags) {
      if (groups.has(name)) throw alreadyExists('log group');
      const added = addGroup(name, groupClass, Date.now());
      try {
        setTags(added, tags);
      } catch (error) {
        deleteGroup(added);
        throw error;
      }
    },
    createStream(groupName, name) {
      const within = group(groupName);
      if (within.streams.has(name)) throw alreadyExists('log stream');
      addStream(within, name, Date.now());
    },
    deleteGroup: (name) => deleteGroup(group(name)),
    deleteStream(groupName, name) {
      stream(groupName, name);
      deleteStream(group(groupName), name);
    },
    setTags,
    deleteTags({ tags }, keys) {
      for (const key of keys) {
        const value = tags.get(key);
        if (value !== undefined) reserve(-bytesOf(TAG_BYTES, key + value));
        tags.delete(key);
      }
    },
    note({ group: groupName, stream: name, timestamp }, receivedAt) {
      if (groupName.length > MAX_NAME_LENGTH || name.length > MAX_NAME_LENGTH) return;
      try {
        const within = groups.get(groupName) ?? addGroup(groupName, 'STANDARD', receivedAt);
        noteTimes(within.streams.get(name) ?? addStream(within, name, receivedAt), timestamp, receivedAt);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    },
  };
}

function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'Resource limit exceeded.');
}
