/** The fragments of shaders/ by their paths: `./shared/config.wgsl`, `./variants/storage/f32.wgsl`, … */
const FRAGMENTS = import.meta.glob<string>(['./shared/*.wgsl', './variants/*/*.wgsl'], {
  base: '../../../shaders',
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The answers that complete a kernel's text, and the constants after it. */
export interface ShaderChoices {
  /** The answer to each question that the `with:` line leaves open: `{ storage: 'f16' }`. Others are ignored. */
  variants?: Readonly<Record<string, string>>;
  /** Counts become `u32`, truth values `bool`. */
  constants?: Readonly<Record<string, number | boolean>>;
}

/**
 * The whole text of a kernel: its file, the fragments that the `with:` line of the file names (see shaders/README.md), and
 * constants. The kernel's own text comes first, so that line numbers in compile errors are those of its file: WGSL
 * declarations may stand in any order. Throws TypeError for a fragment that does not exist and for a missing answer.
 */
export function shaderText(kernel: string, { variants = {}, constants = {} }: ShaderChoices = {}): string {
  const fragments = withLine(kernel).map((name) => fragmentText(kernel, name, variants));
  const declarations = Object.entries(constants).map(
    ([name, value]) => `\nconst ${name} = ${typeof value === 'number' ? `${value}u` : value};\n`,
  );
  return [kernel, ...fragments, ...declarations].join('');
}

/** The names on the second line of a kernel's file. */
function withLine(kernel: string): string[] {
  const first = kernel.indexOf('\n') + 1;
  const line = kernel.slice(first, kernel.indexOf('\n', first));
  const prefix = '// with: ';
  if (!line.startsWith(prefix)) {
    throw new TypeError(`the second line of ${nameOf(kernel)} must be "${prefix}…"; got "${line}"`);
  }
  return line.slice(prefix.length).trim().split(/ +/);
}

/** `config` is shared/config.wgsl; in `loss/*`, variants/loss/, the star stands for the chosen answer. */
function fragmentText(kernel: string, name: string, variants: Readonly<Record<string, string>>): string {
  const [question, pattern] = name.split('/');
  let path = name;
  if (question !== undefined && pattern?.includes('*')) {
    const answer = variants[question];
    if (answer === undefined) {
      throw new TypeError(`${nameOf(kernel)} comes with ${name}, but no answer was chosen for ${question}`);
    }
    path = `${question}/${pattern.replace('*', answer)}`;
  }
  const text = FRAGMENTS[pattern === undefined ? `./shared/${path}.wgsl` : `./variants/${path}.wgsl`];
  if (text === undefined) {
    throw new TypeError(`${nameOf(kernel)} comes with ${name}, but shaders/ has no fragment ${path}`);
  }
  return text;
}

/** The name on the first line of a kernel's file: `// residual: …`. */
function nameOf(kernel: string): string {
  return /^\/\/ (\w+):/.exec(kernel)?.[1] ?? 'a kernel';
}
