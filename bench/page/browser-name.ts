/** 'Chrome/147.0.0.0': the most particular name that a browser gives itself, or the whole of what it says. */
export function browserName(userAgent: string): string {
  for (const name of ['Edg', 'OPR', 'Firefox', 'HeadlessChrome', 'Chrome']) {
    const found = new RegExp(`${name}/[\\d.]+`).exec(userAgent);
    if (found) return found[0];
  }
  const safari = /Version\/([\d.]+) .*Safari\//.exec(userAgent);
  return safari ? `Safari/${safari[1]}` : userAgent;
}
