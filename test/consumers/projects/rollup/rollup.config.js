import nodeResolve from '@rollup/plugin-node-resolve';

export default {
  input: './main.js',
  external: ['papaparse'], // no module: rollup needs a plugin more for it
  plugins: [nodeResolve({ browser: true })],
  output: { dir: './dist', format: 'es' },
};
