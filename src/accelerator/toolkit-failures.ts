import { defineFailures } from "../kit/failure.ts";
import { text } from "../kit/text.ts";

export const failure = defineFailures<{
  "compiler-too-new": { cuda: string; newest: number; found: number };
}>({
  "compiler-too-new": ({ cuda, newest, found }) => ({
    blame: "app",
    title: `CUDA ${cuda} is too old for the compiler of the build`,
    body: text`
      Found: g++ ${found}, and a package that is to be built from source for CUDA ${cuda}, whose compiler knows g++ up to version ${newest}.
      Needed: ${newest < OLDEST_IN_DEBIAN ? "" : `a line 'g++-${newest}' in apt.txt, or `}a newer CUDA in hardware.txt, such as 'cuda==12.8'.
    `,
  }),
});

/** https://packages.debian.org/trixie/g++-12 */
const OLDEST_IN_DEBIAN = 12;
