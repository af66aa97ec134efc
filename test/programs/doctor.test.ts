import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/node/cli/doctor.js';
import { diagnosisText } from '../../src/node/cli/doctor.js';
import { BROWSER, BROWSER_TIMEOUT_MS, CLI, NOWHERE } from '../support/command-line.js';

function doctor(words: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'doctor', ...words],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}

test('a browser with WebGPU gives exit code 0, and one object', { timeout: BROWSER_TIMEOUT_MS }, async () => {
  const { code, stdout, stderr } = await doctor(['--json'], BROWSER);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd()).not.toContain('\n');
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  expect(diagnosis).toMatchObject({
    ok: true,
    browser: { version: expect.stringMatching(/Chrome\/\d+/) as string },
    support: { supported: true, secureContext: true, check: { passed: true } },
    reasons: [],
  });
  // The same for people: what is there, a line each, none too long.
  const text = diagnosisText(diagnosis, 100);
  for (const label of ['browser', 'adapter', 'limits', 'features', 'check', 'result']) {
    expect(text).toMatch(new RegExp(`^${label} +\\S`, 'm'));
  }
  expect(text).not.toMatch(/^missing/m);
  expect(text).toContain('fit trains on WebGPU here.');
});

test('a missing browser gives exit code 1, and what to do', async () => {
  const { code, stdout, stderr } = await doctor([], NOWHERE);
  expect([code, stderr]).toEqual([1, '']);
  const said = stdout.replace(/\s+/g, ' ');
  expect(said).toMatch(/^missing There is no browser with a WebGPU adapter .*ENOENT.* Set WEBGPU_DESCENT_CHROME/);
  expect(said).toContain('result fit trains on the CPU here');
  expect(said).not.toContain('There is a ');
  const json = await doctor(['--json'], NOWHERE);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ ok: false, browser: null, support: null },
    reasons: [{ code: 'BROWSER_UNAVAILABLE' }],
  });
});

test('a wrong result is said, with the remedy', () => {
  const check = { kernels: ['short' as const], maxRelativeDifference: 0.5, tolerance: 1e-4, passed: false };
  const reason = { code: 'WRONG_RESULT' as const, message: 'It differs.', remedy: 'Update it.' };
  const support = {
    ...{ supported: false, reasons: [reason], warnings: [], secureContext: true, userAgent: 'X' },
    ...{ adapter: null, isSoftware: null, limits: null, features: null, check },
  };
  const text = diagnosisText({ ok: false, browser: null, support, reasons: [reason] }, 100);
  expect(text).toMatch(/^check +FAILED: 1 fit \(short\), largest relative difference 0.5/m);
  expect(text).toMatch(/^missing +It differs. Update it./m);
});
