/** A failure as AWS JSON 1.1 names it. */
export class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

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
  retentionDays?: number;
  readonly streams: Map<string, LogStream>;
}

export interface LogGroups {
  all(): LogGroup[];
  group(name: string): LogGroup;
  createGroup(name: string): void;
  createStream(groupName: string, name: string): void;
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

  return {
    all: () => [...groups.values()],
    group,
    createGroup: (name) => {
      if (groups.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      if (groups.size >= MAX_GROUPS) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
      groups.set(name, { name, createdAt: Date.now(), streams: new Map() });
    },
    createStream: (groupName, name) => {
      const { streams } = group(groupName);
      if (streams.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      if (streamCount >= MAX_STREAMS)
        throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
      streamCount += 1;
      streams.set(name, { name, createdAt: Date.now() });
    },
  };
}
