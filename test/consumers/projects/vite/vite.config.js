// Nothing but where the pages will lie.
export default { base: './', cacheDir: './cache' };
