/** Makes what runs `run` after `everyMs`, once for all calls until then. */
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
