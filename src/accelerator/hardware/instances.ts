/** The NVIDIA GPU of a family of EC2 instances ("g5"); undefined where it has none. */
export function gpuOfInstance(family: string): string | undefined {
  return FAMILIES[family];
}

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html */
const FAMILIES: Readonly<Record<string, string>> = {
  g4dn: "t4",
  g5: "a10g",
  g5g: "t4g",
  g6: "l4",
  gr6: "l4",
  g6e: "l40s",
  g6f: "l4",
  p3: "v100",
  p3dn: "v100",
  p4d: "a100",
  p4de: "a100",
  p5: "h100",
  p5e: "h200",
  p5en: "h200",
  "p6-b200": "b200",
  "p6-b300": "b300",
  "p6e-gb200": "gb200",
};
