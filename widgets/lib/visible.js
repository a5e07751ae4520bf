/**
 * Runs a task at once and every `everyMs` while the element is on the screen and the tab is in front.
 * Returns `postpone(ms)`, which puts off the next run.
 */
export function whileVisible(element, task, { everyMs, signal }) {
  let shown = false;
  let due = 0;
  let timer;
  const turn = () => {
    clearTimeout(timer);
    if (signal.aborted || !shown || document.visibilityState !== 'visible') return;
    if (Date.now() >= due) {
      due = Date.now() + everyMs;
      task();
    }
    timer = setTimeout(turn, due - Date.now());
  };
  const eye = new IntersectionObserver((entries) => {
    shown = entries.at(-1).isIntersecting;
    turn();
  });
  eye.observe(element);
  document.addEventListener('visibilitychange', turn, { signal });
  signal.addEventListener('abort', () => {
    eye.disconnect();
    clearTimeout(timer);
  });
  return (ms) => {
    due = Date.now() + ms;
    turn();
  };
}
