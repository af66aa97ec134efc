/** An object without some of its fields. */
export function withoutKeys<Fields extends object, Key extends keyof Fields>(
  fields: Fields,
  ...keys: readonly Key[]
): Omit<Fields, Key> {
  const rest = Object.entries(fields).filter(([name]) => !(keys as readonly string[]).includes(name));
  return Object.fromEntries(rest) as Omit<Fields, Key>;
}
