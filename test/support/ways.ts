/** Both ways that the CPU has. */
export const WAYS = [
  { way: 'on examples', options: { backend: 'cpu', strategy: 'streaming' } },
  { way: 'on moments', options: { backend: 'cpu', strategy: 'moments' } },
] as const;
