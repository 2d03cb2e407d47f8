/** Whether a path is made in the tree although no package has it: packages' links lead there. */
export function isMade(path: string): boolean {
  return MADE.test(path);
}

const MADE = /^(etc\/R\/Renviron|etc\/ssl\/certs\/java\/cacerts|var\/lib\/texmf\/.+)$/;
