/** A reporter of one line, for people in a hurry and for programs: `N passed, N failed`, and `, N skipped` if any were. */
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts one run over all its projects. What breaks outside a test counts as failed too: a file that cannot be imported,
 * a hook of a suite, an unhandled error, a test that never came to its end.
 */
export function countTests(
  testModules: ReadonlyArray<TestModule>,
  unhandledErrors: ReadonlyArray<SerializedError>,
): TestCounts {
  const counts: TestCounts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const testModule of testModules) {
    const failedBefore = counts.failed;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
    for (const suite of testModule.children.allSuites()) if (suite.errors().length > 0) counts.failed += 1;
    const hasEnded = testModule.state() === 'passed' || testModule.state() === 'skipped';
    if (testModule.errors().length > 0 || (!hasEnded && counts.failed === failedBefore)) counts.failed += 1;
  }
  return counts;
}

/** The line for a process that ends with `exitCode`. It shows a failure whenever the exit code does, and when nothing ran. */
export function summaryLine({ passed, failed, skipped }: TestCounts, exitCode: number): string {
  const isFailure = exitCode !== 0 || passed + failed + skipped === 0;
  const shownFailed = isFailure ? Math.max(failed, 1) : failed;
  return `${passed} passed, ${shownFailed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Prints the line as the last act of the process, when nothing can be printed after it and the exit code is known. */
export function plainReporter(): Reporter {
  let counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  return {
    // Not earlier: the configuration is read once per project, and by the library's build, and makes a reporter each time.
    onInit() {
      process.once('exit', (exitCode) => {
        const line = summaryLine(counts, exitCode);
        if (!line.includes(' 0 failed')) process.exitCode ||= 1;
        process.stdout.write(`${line}\n`);
      });
    },
    onTestRunEnd(testModules, unhandledErrors) {
      counts = countTests(testModules, unhandledErrors);
    },
  };
}
