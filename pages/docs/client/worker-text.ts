// The module that a worker runs for an example: its code, between what prints and what tells of the end.

const PRINTING = `
const round = (value) => Number.isSafeInteger(value) ? value : Number(value.toPrecision(6));
const show = (value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(round(value));
  if (ArrayBuffer.isView(value)) value = Array.from(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 12).map(show).join(', ');
    return value.length > 12 ? '[' + shown + ', … ' + value.length + ' in all]' : '[' + shown + ']';
  }
  if (value instanceof Error) return String(value);
  const json = JSON.stringify(value, (_, part) => typeof part === 'number' ? round(part) : part, 1) ?? String(value);
  return json.length > 2000 ? json.slice(0, 2000) + ' …' : json;
};
for (const level of ['log', 'info', 'warn', 'error']) {
  console[level] = (...values) => postMessage({ print: values.map(show).join(' ') });
}
`;

/**
 * The text of the module. `addresses` are those of the modules that an example may import by name; a worker made from
 * text has no import map.
 */
export function workerText(code: string, addresses: Readonly<Record<string, string>>): string {
  const body = code.replace(
    /^import\s*({[^}]*})\s*from\s*(['"])([^'"]+)\2;?/gm,
    (_, names: string, __, module: string) =>
      `const ${names.replaceAll(' as ', ': ')} = await import(${JSON.stringify(addresses[module] ?? module)});`,
  );
  return `${PRINTING}
const begin = performance.now();
try {
${body}
postMessage({ done: performance.now() - begin });
} catch (error) {
postMessage({ error: String(error) });
}
export {};
`;
}
