/** A value that is known at once or comes later. */
export type Soon<Value> = Value | Promise<Value>;

/** Goes on with a value: at once if it is known, which costs no turn of the event loop. */
export function goOn<Value, Result>(value: Soon<Value>, next: (value: Value) => Soon<Result>): Soon<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
