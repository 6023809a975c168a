// What Streamlit calls, again and again: one object a mount lives through all of these calls.

/** Update the object of a mount, made at the first call; returns Streamlit's clean-up. `kept` maps
 * roots to objects, each with `section`, `update(...news)` and `close()`. */
export function keepMounted(kept, Part, root, ...news) {
  // Streamlit rebuilds the markup when its source changes.
  if (kept.has(root) && !root.contains(kept.get(root).section)) {
    kept.get(root).close();
    kept.delete(root);
  }
  if (!kept.has(root)) kept.set(root, new Part(root));
  kept.get(root).update(...news);
  return () => {
    // Streamlit also calls this when a newer call overtakes this one.
    if (root.isConnected) return;
    kept.get(root)?.close();
    kept.delete(root);
  };
}
