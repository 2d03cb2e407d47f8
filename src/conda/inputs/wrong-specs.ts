import { explainLine, type WrongLine } from "../../kit/wrong-lines.ts";
import { explainYamlLine } from "./yaml-mistakes.ts";

/** What is needed in place of an item of `dependencies` that is no match spec. */
export function explainWrongSpec(text: string): string | undefined {
  if (/\{[{%]/.test(text)) return explainYamlLine(text);
  return explainLine(text, WRONG_SPECS);
}

/** What is needed in place of an item under `pip` that is no line of a requirements file. */
export function explainWrongPipLine(text: string): string | undefined {
  if (/\{[{%]/.test(text)) return explainYamlLine(text);
  return explainLine(text, [
    {
      when: /^(?:python[\d.]*\s+-m\s+)?pip[\d.]*\s+install\s+(.+)$/,
      needed: ([, what]) => `Only what is installed stands here, without the command\n- ${what}`,
    },
    {
      when: /^[\w./-]+\.(?:txt|in)$/,
      needed: ({ input }) => `Another file is included with -r\n- -r ${input}`,
    },
    {
      when: /^([\w.-]+)=(\d[\w.]*)(?:=\w+)?$/,
      needed: ([, name, version]) =>
        `pip's requirements have two equals signs\n- ${name}==${version}`,
    },
    {
      when: /^[\w-]+::/,
      needed: () => "A channel is conda's; write the line under dependencies, outside of pip",
    },
  ]);
}

const WRONG_SPECS: readonly WrongLine[] = [
  {
    when: /^(?:[$>!%]\s*)?(?:sudo\s+)?(?:conda|mamba|micromamba)\s+install\s+(.*)$/,
    needed: ([, what = ""]) =>
      `Only what is installed stands here, without the command\n${wordsOf(what).map(item).join("\n")}`,
  },
  {
    when: /^(?:[$>!%]\s*)?(?:python[\d.]*\s+-m\s+|uv\s+)?pip[\d.]*\s+install\s+(.*)$/,
    needed: ([, what = ""]) => underPip(what),
  },
  {
    when: /^(?:-[ercfi]\b|--[a-z]|git\+|git@|\.{0,2}\/|[\w.-]+\s*@\s*(?:git\+|https?:|file:)|(?:https?|file):\S+\.(?:whl|zip|tar\.gz)\b)/,
    needed: ({ input }) => underPip(input),
  },
  {
    // Extras of PyPI's packages; brackets of match specs have keys.
    when: /^[\w.-]+\[[^=\]]*\]/,
    needed: ({ input }) => underPip(input),
  },
  {
    when: /^[\w.-]+\s*===?\s*[\w.]+\+(?:cu|cpu|rocm|xpu)/,
    needed: ({ input }) => underPip(input),
  },
  {
    when: /;\s*(?:python_version|sys_platform|platform_\w+|os_name|extra|implementation_name)\b/,
    needed: () =>
      "conda knows no environment markers; write the line under pip, or with '# [linux]' behind it",
  },
  {
    when: /^([\w.-]+)\s*=>\s*(\d\S*)$/,
    needed: ([, name, version]) => `The comparison is written '>='\n- ${name}>=${version}`,
  },
  {
    when: /^([\w.-]+)\s*=<\s*(\d\S*)$/,
    needed: ([, name, version]) => `The comparison is written '<='\n- ${name}<=${version}`,
  },
  {
    when: /^([\w.-]+)\s*(?:===|@|\^)\s*(\d\S*)$/,
    needed: ([, name, version]) => `Between name and version '=' is needed\n- ${name}=${version}`,
  },
  {
    // conda would take the name for a namespace, and the version for the name.
    when: /^([A-Za-z][\w.-]*):(\d\S*)$/,
    needed: ([, name, version]) => `Between name and version '=' is needed\n- ${name}=${version}`,
  },
  {
    when: /^([A-Za-z][\w./-]*):([A-Za-z_][^:]*)$/,
    needed: ([, channel, spec]) =>
      `Behind the channel two colons are needed\n- ${channel}::${spec}`,
  },
  {
    when: /^[A-Za-z_][\w.-]*(?:\s*,\s*[A-Za-z_][\w.-]*)+,?$/,
    needed: ({ input }) =>
      `Each package needs a line of its own\n${input
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(item)
        .join("\n")}`,
  },
  {
    // A word is a version to conda.
    when: /^[A-Za-z_][\w.-]*(?:\s+[A-Za-z_][\w.-]*[a-z_-]{3,})+$/,
    needed: ({ input }) =>
      `Each package needs a line of its own\n${input.split(/\s+/).map(item).join("\n")}`,
  },
  {
    when: /^(["'])(.+)\1,?$/,
    needed: ([, , inner]) => `Write it without further quotation marks\n- ${inner}`,
  },
  {
    when: /^\d[\d.]*$/,
    needed: ([version]) =>
      `A package's name is needed before the version, for example\n- python=${version}`,
  },
];

function item(text: string): string {
  return `- ${text}`;
}

function wordsOf(command: string): readonly string[] {
  return command
    .replaceAll(/(?:^|\s)(?:-[cnp]|--channel|--name|--prefix)[\s=]+\S+/g, "")
    .split(/\s+/)
    .filter((word) => word !== "" && !word.startsWith("-"));
}

function underPip(...lines: readonly string[]): string {
  return [
    "This is pip's, and stands under pip",
    "- pip:",
    ...lines.map((one) => `    - ${one}`),
  ].join("\n");
}
