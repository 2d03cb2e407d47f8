import * as z from "zod/mini";

/** Requests of another buildpack, which a word in one of the app's files stands for. */
export const handedRequestsSchema = z.array(
  z.object({
    /** Where the word stands. */
    origin: z.object({ file: z.string(), line: z.optional(z.number()) }),
    /** As it is quoted in messages. */
    text: z.string(),
    packages: z.array(z.string()),
    /** Packages of these that are in the image whole, though they are for compilers. */
    whole: z.array(z.string()),
    /** Where the packages come from; Debian's own archives are always there. */
    archive: z.optional(
      z.object({
        uri: z.string(),
        suite: z.string(),
        component: z.string(),
        /** The public key that its Release file is signed with, armoured. */
        key: z.string(),
      }),
    ),
  }),
);

export type HandedRequest = z.infer<typeof handedRequestsSchema>[number];
