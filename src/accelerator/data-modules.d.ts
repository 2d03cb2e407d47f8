// Bundled as what it says, not as text: scripts/lib/source-modules.ts.
declare module "*/compatibility.toml" {
  const data: import("./compatibility-schema.ts").Compatibility;
  export default data;
}
