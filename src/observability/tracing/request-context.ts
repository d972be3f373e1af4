import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';

/**
 * A context that holds one value and refers to the context that it was made from.
 *
 * Those of `@opentelemetry/api` copy all values, and assign three function literals to properties. V8
 * allocates such functions in the old generation, where, long dead, they keep the span of their request alive
 * until a full collection.
 */
class RequestContext implements Context {
  private readonly parent: Context;
  private readonly key: symbol;
  private readonly value: unknown;

  constructor(parent: Context, key: symbol, value: unknown) {
    this.parent = parent;
    this.key = key;
    this.value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.key ? this.value : this.parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new RequestContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    return new RequestContext(this, key, undefined);
  }
}

/** Without any value, as `ROOT_CONTEXT`. Contexts made from it are lighter. */
const EMPTY_CONTEXT: Context = new RequestContext(ROOT_CONTEXT, Symbol('empty'), undefined);

/** Returns an empty context of this kind for `ROOT_CONTEXT`, and any other context unchanged. */
export function withLightRoot(context: Context): Context {
  return context === ROOT_CONTEXT ? EMPTY_CONTEXT : context;
}
