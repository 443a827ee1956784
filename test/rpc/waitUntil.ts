/** Looks every few milliseconds; fails when the condition does not come true in time. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, withinMs = 45_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
