/** In the image and nowhere else: only the build that makes such a layer has its contents. */
export const LAUNCH_ONLY = { launch: true } as const;
