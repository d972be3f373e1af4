/** Returns a function that calls `run` once, `everyMs` after the first of its calls. */
export function throttle(everyMs: number, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      run();
    }, everyMs);
  };
}
