/** The symbols of `using`, as far as the host has them. */
const SYMBOLS: Partial<Pick<SymbolConstructor, 'dispose' | 'asyncDispose'>> = Symbol;

/** `Symbol.dispose`, or a symbol in its place where the host has no `using` yet. */
export const DISPOSE: typeof Symbol.dispose =
  SYMBOLS.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose);

/** `Symbol.asyncDispose`, or a symbol in its place. */
export const ASYNC_DISPOSE: typeof Symbol.asyncDispose =
  SYMBOLS.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
