import { evaluateMarker, type MarkerEnvironment, MarkerError } from "../markers.ts";

/**
 * Whether what has the marker is for this Python and platform; without one it always is. Throws
 * what `invalid` makes of a marker that can't be read.
 */
export function markerHolds(
  marker: string | undefined,
  environment: MarkerEnvironment,
  invalid: (issue: string, cause: MarkerError) => Error,
): boolean {
  if (marker === undefined || marker.trim() === "") return true;
  try {
    return evaluateMarker(marker, environment);
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    throw invalid(error.message, error);
  }
}
