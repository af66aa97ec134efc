// The list of the texts that kernels may have: bodies by their hashes, and the values of the constants after each.

import type { Kernel } from '../../src/gpu/kernels/epoch-kernels.js';
import type { NamedKernel } from './all-kernels.js';

/** The constants that end a text, as `shaderText` writes them. */
const CONSTANT = /\nconst (\w+) = (\d+u|true|false);\n$/;

/** A text without the constants at its end, and those. */
interface ShaderParts {
  body: string;
  /** `NAME=5u`, … */
  constants: string[];
}

function partsOf(wgsl: string): ShaderParts {
  const constants: string[] = [];
  let body = wgsl;
  for (let found = CONSTANT.exec(body); found; found = CONSTANT.exec(body)) {
    constants.unshift(`${found[1]}=${found[2]}`);
    body = body.slice(0, found.index);
  }
  return { body, constants };
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Hashes that are known: the same few hundred bodies come again and again. */
const hashes = new Map<string, string>();

/** A text as the list has it: the hash of its body, and its constants. */
export async function entryOf(wgsl: string): Promise<{ hash: string; constants: string }> {
  const { body, constants } = partsOf(wgsl);
  const hash = hashes.get(body) ?? (await hashOf(body));
  hashes.set(body, hash);
  return { hash, constants: constants.join(' ') };
}

/** Groups of bodies, a line for each: hash, kernel and answers; and below them the sets of constants that they come with. */
export async function listOf(kernels: Iterable<NamedKernel>): Promise<string> {
  const lines = new Map<string, { title: string; constants: Set<string> }>();
  for (const { kernel, answers } of kernels) {
    const { hash, constants } = await entryOf(kernel.wgsl);
    const line = lines.get(hash) ?? { title: `${kernel.name} ${answers}`.trim(), constants: new Set() };
    line.constants.add(constants);
    lines.set(hash, line);
  }
  const groups = new Map<string, string[]>();
  for (const [hash, { title, constants }] of lines) {
    const key = `${title.split(' ')[0]}\n${setsText([...constants])}`;
    groups.set(key, [...(groups.get(key) ?? []), `${hash} ${title}\n`]);
  }
  return [...groups].map(([key, bodies]) => bodies.join('') + key.slice(key.indexOf('\n') + 1)).join('\n');
}

/** Sets that differ in the last constant alone stand on one line: `FEATURES=3u MODELS=1u|2u|3u`. */
function setsText(sets: readonly string[]): string {
  const lasts = new Map<string, string[]>();
  for (const set of sets.filter((text) => text !== '')) {
    const at = set.lastIndexOf('=') + 1;
    lasts.set(set.slice(0, at), [...(lasts.get(set.slice(0, at)) ?? []), set.slice(at)]);
  }
  return [...lasts].map(([first, values]) => `    ${first}${values.join('|')}\n`).join('');
}

/** The list as it is looked up. */
export class ShaderList {
  readonly #bodies = new Map<string, Set<string>>();

  constructor(text: string) {
    for (const group of text.split('\n\n')) {
      const sets = new Set<string>();
      for (const line of group.split('\n')) {
        const at = line.lastIndexOf('=') + 1;
        if (!line.startsWith(' ')) this.#bodies.set(line.split(' ')[0] as string, sets);
        else for (const value of line.slice(at).split('|')) sets.add(line.slice(0, at).trim() + value);
      }
    }
  }

  /** True if a kernel may have this text. */
  async has(wgsl: string): Promise<boolean> {
    const { hash, constants } = await entryOf(wgsl);
    const sets = this.#bodies.get(hash);
    return sets !== undefined && (constants === '' ? sets.size === 0 : sets.has(constants));
  }

  /** Those of the kernels whose texts are not in the list, in words. */
  async missing(kernels: Iterable<Pick<Kernel, 'name' | 'wgsl'>>): Promise<string[]> {
    const names = new Set<string>();
    for (const { name, wgsl } of kernels) {
      if (!(await this.has(wgsl))) names.add(`${name}: ${(await entryOf(wgsl)).constants}`);
    }
    return [...names];
  }
}
