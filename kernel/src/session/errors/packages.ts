/** Of a file in a package its name, and the path in it. */
export function inPackage(file: string): { name: string; rest: string } | undefined {
  const [, name, rest] = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.*)$/.exec(file) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, rest };
}
