/** A list as it is; nothing of what is none, which callers without types may pass. */
export function listOrNone<Item>(list: readonly Item[] | undefined): readonly Item[] {
  return Array.isArray(list) ? (list as readonly Item[]) : [];
}
