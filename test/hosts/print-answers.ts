// The program for Deno and Node: prints all answers as one line of JSON, and ends at once, as work of Dawn may be pending.

import { answerAll } from './answer-all.js';

answerAll().then(
  (answers) => process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit(0)),
  (error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${words}\n`, () => process.exit(1));
  },
);
