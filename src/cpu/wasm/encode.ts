/** Types of values, with their codes in the binary format of WebAssembly. */
const TYPES = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;

export type ValueType = keyof typeof TYPES;

/** Instructions in their order, in the binary format; a local variable stands for its value. */
export type Code = number | Local<ValueType> | readonly Code[];

declare const VALUE_TYPE: unique symbol;

/** Instructions that leave one value of a type on the stack. */
export type Value<Type extends ValueType> = (readonly Code[] & { readonly [VALUE_TYPE]?: Type }) | Local<Type>;

/** A local variable of a function. */
export class Local<Type extends ValueType> {
  readonly index: number;
  readonly type: Type;

  constructor(index: number, type: Type) {
    this.index = index;
    this.type = type;
  }
}

/** A function without results: its parameters are all i32. */
export interface WasmFunction {
  name: string;
  parameterCount: number;
  locals: readonly Local<ValueType>[];
  body: Code;
}

/** Declares local variables of the function that is being written. */
export type Declare = <Type extends ValueType>(type: Type) => Local<Type>;

/** A function whose body is written by `write` from its parameters and the variables that it declares. */
export function wasmFunction(
  name: string,
  parameterCount: number,
  write: (parameters: readonly Local<'i32'>[], declare: Declare) => Code,
): WasmFunction {
  const parameters = Array.from({ length: parameterCount }, (_, index) => new Local(index, 'i32'));
  const locals: Local<ValueType>[] = [];
  const body = write(parameters, (type) => {
    const local = new Local(parameterCount + locals.length, type);
    locals.push(local);
    return local;
  });
  return { name, parameterCount, locals, body };
}

const SECTIONS = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const KIND_OF_FUNCTION = 0;
const KIND_OF_MEMORY = 2;
const END = 0x0b;

/**
 * A module of functions that work on one memory, imported as `env.memory`, in the binary format ("WebAssembly Core
 * Specification 2.0", chapter 5).
 */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const signature = ({ parameterCount }: WasmFunction) => [
    FUNCTION_TYPE,
    vector(Array<Code>(parameterCount).fill(TYPES.i32)),
    vector([]),
  ];
  const exported = ({ name }: WasmFunction, index: number) => [text(name), KIND_OF_FUNCTION, unsigned(index)];
  const bytes: number[] = [0, ...new TextEncoder().encode('asm'), 1, 0, 0, 0];
  write(
    [
      section('type', vector(functions.map(signature))),
      section('import', vector([[text('env'), text('memory'), KIND_OF_MEMORY, 0, 1]])), // no upper limit, one page or more
      section('function', vector(functions.map((_, index) => unsigned(index)))),
      section('export', vector(functions.map(exported))),
      section('code', vector(functions.map(({ locals, body }) => sized([declarations(locals), body, END])))),
    ],
    bytes,
  );
  return Uint8Array.from(bytes);
}

const section = (name: keyof typeof SECTIONS, content: Code): Code => [SECTIONS[name], sized(content)];

const declarations = (locals: readonly Local<ValueType>[]): Code => vector(locals.map(({ type }) => [1, TYPES[type]]));

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

function sized(content: Code): Code {
  const bytes: number[] = [];
  write(content, bytes);
  return [unsigned(bytes.length), bytes];
}

const LOCAL_GET = 0x20;

/** Appends the bytes of the code. */
function write(code: Code, bytes: number[]): void {
  if (typeof code === 'number') bytes.push(code);
  else if (code instanceof Local) bytes.push(LOCAL_GET, ...unsigned(code.index));
  else for (const part of code) write(part, bytes);
}

/** A number from 0 up in LEB128: seven bits to a byte, the lowest first, and a bit that says that more follow. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A 32-bit number in signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const isLast = (rest === 0 && low < 64) || (rest === -1 && low >= 64);
    bytes.push(isLast ? low : low + 128);
    if (isLast) return bytes;
  }
}
