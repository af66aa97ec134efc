/** The entry to WebGPU that npm's package `webgpu` gives Node; null where it is not installed. */
export async function loadDawn(): Promise<GPU | null> {
  const [name] = ['webgpu']; // out of a list, which no build folds: bundlers would look for the package, which is optional
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Dawn;
    return create([]);
  } catch {
    return null; // not installed, or without a build for this system
  }
}

interface Dawn {
  create: (options: string[]) => GPU;
}
