/** The globals of the hosts, of which each has some. */
interface Host {
  navigator?: { hardwareConcurrency?: number };
  process?: { getBuiltinModule?: (name: string) => unknown };
}

/** A module of Node, where there is Node. It is not imported, because bundlers for browsers refuse such imports. */
export function nodeModule(name: string): unknown {
  return (globalThis as Host).process?.getBuiltinModule?.(name);
}

/** The number of threads that run at once on this machine, as far as the host says. */
export function coreCount(): number {
  const { navigator } = globalThis as Host;
  const os = nodeModule('node:os') as typeof import('node:os') | undefined;
  return navigator?.hardwareConcurrency ?? os?.availableParallelism() ?? 1;
}
