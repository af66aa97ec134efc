import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'site',
      'node_modules',
      'bench/peers',
      'test/consumers/projects',
      'test/consumers/.work',
      'examples',
    ],
  }, // examples are programs of others, which run
  {
    // A pattern that backtracks takes the square of the length of hostile input, or worse.
    files: ['{src,demo,pages,bench,scripts}/**/*.{ts,js}'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Array indices are checked by loops, not by the type; `as number` says so where noUncheckedIndexedAccess asks.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A method of a contract returns a promise whether or not this one has something to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
      // () => doIt() is how this project writes handlers and tests.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/support/eventually.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'vi', property: 'waitFor', message: 'It waits for a second only: use eventually of test/support.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'demo/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', 60], 'max-lines': ['error', 300] },
  },
);
