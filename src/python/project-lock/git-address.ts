/** "git@host:owner/name.git" as a URL. https://git-scm.com/docs/git-clone#_git_urls */
export function asGitUrl(address: string): string {
  const [, user, host, path] = /^([\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(address) ?? [];
  return user === undefined ? address : `ssh://${user}${host}/${path}`;
}
