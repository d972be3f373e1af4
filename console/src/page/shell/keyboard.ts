import { isTyping } from '../shared/dom.ts';

/** The actions of the keys in the current view. */
export interface KeyActions {
  /** j, k, arrow up and arrow down. */
  move(step: number): void;
  /** Arrow left closes, arrow right opens. */
  fold?(open: boolean): void;
  /** Enter. */
  open?(): void;
  /** Esc. */
  back(): void;
  /** / */
  search(): void;
  /** p */
  pause(): void;
}

/** Handles keys on the whole page, except in text fields and with Ctrl, Alt or Meta. */
export function listenToKeys(actions: () => KeyActions): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const act = actionOf(event, actions());
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actionOf({ key, target }: KeyboardEvent, actions: KeyActions): (() => void) | undefined {
  const onRows =
    target instanceof Element && (target === document.body || target.matches('main, [role$=grid]'));
  if (key === 'j' || (key === 'ArrowDown' && onRows)) return () => actions.move(1);
  if (key === 'k' || (key === 'ArrowUp' && onRows)) return () => actions.move(-1);
  if (key === 'ArrowRight' && onRows && actions.fold) return () => actions.fold?.(true);
  if (key === 'ArrowLeft' && onRows && actions.fold) return () => actions.fold?.(false);
  if (key === 'Enter' && onRows && actions.open) return () => actions.open?.();
  if (key === 'Escape') return () => actions.back();
  if (key === '/') return () => actions.search();
  if (key === 'p') return () => actions.pause();
  return undefined;
}
