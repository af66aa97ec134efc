// Builds main.js by webpack, without any option but where to, and without its minifier, which takes most of the time.
import webpack from 'webpack';

const folder = import.meta.dirname;
const config = {
  mode: 'production',
  context: folder,
  entry: './main.js',
  optimization: { minimize: false },
  output: { path: `${folder}/dist`, publicPath: 'auto' },
};
const { stats } = await new Promise((resolve, reject) =>
  webpack(config, (error, stats) => (error ? reject(error) : resolve({ stats }))),
);
if (stats.hasErrors()) {
  console.error(stats.toString({ all: false, errors: true }));
  process.exit(1);
}
