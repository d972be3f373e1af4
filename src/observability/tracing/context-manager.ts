import { EventEmitter } from 'node:events';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { withLightRoot } from './request-context.ts';

/**
 * Carries the context through promises and callbacks, as Node does by itself, without binding event emitters.
 * Binding each request and response costs a quarter of a bare request. Without it, listeners for the end of a
 * response run in the context in which it was written; if the client pipelines, in that of another request.
 * So none may read the context.
 */
export class RequestContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    return withLightRoot(super.active());
  }

  override bind<T>(context: Context, target: T): T {
    return target instanceof EventEmitter ? target : super.bind(context, target);
  }
}
