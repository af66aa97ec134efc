/**
 * Every reason for which the library refuses or gives up, one word each.
 * The list is closed: a new reason is a new code here, with a section in docs/errors.md and a test that provokes it.
 */
export const DESCENT_ERROR_CODES = [
  'SHAPE_MISMATCH', // lengths or counts that do not fit together
  'EMPTY_DATA', // no examples, or no features
  'INVALID_LABEL', // a target that is no label, or labels of one class only
  'MISSING_VALUE', // an empty cell, NA or null where a value is needed
  'INVALID_VALUE', // a value that is no number, in arrays and tables
  'NON_FINITE_VALUE', // NaN or infinity in the data, or a value that f32 cannot hold
  'INVALID_OPTION', // an option out of its range, or of the wrong type
  'UNKNOWN_OPTION', // an option nobody knows
  'UNKNOWN_COLUMN', // a column that the source does not have
  'INVALID_CSV', // a cell that is not a number, a ragged row
  'INVALID_FILE', // saved moments, models and checkpoints, Parquet and Arrow files that are not in the format
  'SQL_FAILED', // a statement that the engine refused or broke off
  'INVALID_RESULT', // rows that are not those of the statement
  'FILE_UNREADABLE', // no such file, or one that cannot be read or written
  'SOURCE_CHANGED', // a source that gives other examples when it is read again
  'WEBGPU_UNAVAILABLE', // no WebGPU, or no adapter
  'BROWSER_UNAVAILABLE', // no browser that starts
  'BUFFER_USAGE', // a GPUBuffer without the usage STORAGE
  'BUFFER_TOO_SMALL', // a GPUBuffer of fewer bytes than its numbers take
  'BUFFER_NOT_READY', // a GPUBuffer that is mapped or destroyed
  'BUFFER_OF_ANOTHER_DEVICE', // a GPUBuffer that the context's device does not know
  'TOO_LARGE', // data that does not fit the adapter's limits
  'OUT_OF_MEMORY', // the adapter ran out of memory
  'SHADER_COMPILATION', // a kernel that the adapter's compiler refuses
  'GPU_VALIDATION', // the adapter refused a command: a defect of this library
  'READBACK_FAILED', // a device that is there and does not hand out its results
  'DEVICE_LOST', // the device went away while in use
  'WORKER_LOST', // a worker of the CPU engine that ended before its work was done
  'DISPOSED', // use after dispose()
] as const;

/** One of the words of `DESCENT_ERROR_CODES`. */
export type DescentErrorCode = (typeof DESCENT_ERROR_CODES)[number];

/** The place of the error, for programs; the message says the same in words. Unknown parts are left out. */
export interface ErrorPlace {
  /** A file, or the name given for a stream. */
  file?: string;
  /** In data the first is row 0; in a file it is row 1, the header included. */
  row?: number;
  /** A column's name. */
  column?: string;
  /** An option's name, as `fit` has it, or as the command line does where that was used. */
  option?: string;
  /** A kernel's file in shaders/, and the line in it. */
  shader?: string;
  /** The line of the kernel, from 1. */
  line?: number;
}

/** The parts of an error: the input or failure, what was expected instead, and what to do about it. */
export interface DescentErrorParts {
  /** The input or the failure, with its value and its place. */
  got: string;
  /** The input or behavior that was expected instead. */
  expected: string;
  /** The advice to the reader: what to do about it. */
  fix: string;
  where?: ErrorPlace;
  /** The error below this one. */
  cause?: unknown;
}

/**
 * The library's only error class. `code` is for programs, the message for people:
 * one line that says what came, what was expected and what to do.
 *
 *     try { await fit(data, { epochs: 0 }); }
 *     catch (error) { if (error instanceof DescentError && error.code === 'INVALID_OPTION') … }
 */
export class DescentError extends Error {
  override readonly name = 'DescentError';
  readonly code: DescentErrorCode;
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
  readonly where: Readonly<ErrorPlace>;

  constructor(code: DescentErrorCode, { got, expected, fix, where = {}, cause }: DescentErrorParts) {
    // Names of columns and words of compilers may hold line breaks; the message holds none.
    const message = `${got}; expected ${expected}. ${fix}`.replace(/\s+/g, (blanks) =>
      /[\r\n]/.test(blanks) ? ' ' : blanks,
    );
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.got = got;
    this.expected = expected;
    this.fix = fix;
    this.where = where;
  }

  /** Plain data of the error: a message to another thread loses all parts of an Error but its text. */
  toJSON(): DescentErrorJson {
    const { code, got, expected, fix, where } = this;
    return { name: this.name, code, got, expected, fix, where };
  }

  /**
   * The error that `toJSON` described. Throws `INVALID_VALUE` for anything else.
   *
   *     worker.onmessage = ({ data }) => { if (data.error) throw DescentError.fromJSON(data.error); };
   */
  static fromJSON(json: unknown): DescentError {
    if (isErrorJson(json)) return new DescentError(json.code, json);
    throw new DescentError('INVALID_VALUE', {
      got: `${json === null ? 'null' : typeof json} in place of an error`,
      expected: 'what toJSON of a DescentError returned',
      fix: 'Send error.toJSON() to the other thread.',
    });
  }
}

/** A `DescentError` as plain data. */
export interface DescentErrorJson extends Omit<DescentErrorParts, 'cause' | 'where'> {
  /** The class, as errors name it. */
  name: 'DescentError';
  /** The word for programs. */
  code: DescentErrorCode;
  /** The place, as far as it is known. */
  where: Readonly<ErrorPlace>;
}

function isErrorJson(json: unknown): json is DescentErrorJson {
  if (typeof json !== 'object' || json === null) return false;
  const { name, code, got, expected, fix, where } = json as Partial<Record<keyof DescentErrorJson, unknown>>;
  const areTexts = [code, got, expected, fix].every((part) => typeof part === 'string');
  // Any code will do: the list of them would be in every bundle, and the other thread may run another version.
  return name === 'DescentError' && areTexts && typeof where === 'object' && where !== null;
}
