// Bundled as text by esbuild (and by vitest's configuration).
declare module "*.py" {
  const source: string;
  export default source;
}
declare module "*.sh" {
  const source: string;
  export default source;
}
declare module "*.toml" {
  const source: string;
  export default source;
}
